"""Every page's reading: one function, one dataclass, a fixed number of SQL queries."""
