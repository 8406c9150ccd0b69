"""Categories and forums."""

from django.db import models


class Category(models.Model):
    """A shelf of forums: Issue Forums, Region Forums."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    is_main = models.BooleanField(default=False, help_text="Its forums stand in the main navigation by name")
    is_retired = models.BooleanField(default=False, help_text="Readable; nobody posts")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Forum(models.Model):
    """A place with a stated purpose."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="forums")
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    purpose = models.TextField(max_length=1000)
    order = models.PositiveSmallIntegerField(default=0)
    administrators_only = models.BooleanField(default=False, help_text="Only administrators start threads here")
    created_at = models.DateTimeField()
    thread_count = models.PositiveIntegerField(default=0, help_text="Listed threads; kept by the actions")
    post_count = models.PositiveIntegerField(default=0, help_text="Visible posts; kept by the actions")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name
