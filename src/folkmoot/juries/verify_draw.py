#!/usr/bin/env python3
"""Make the draw and the tally of a jury again from what was published: verify_draw.py BUNDLE LOG_KEY [WITNESS_KEY] [--log DIR]

BUNDLE is the file beside the case, LOG_KEY the ledger's public key, WITNESS_KEY that of somebody independent who cosigns it (a
line, or a file with it), DIR a copy of the ledger's files. Ends with 0 if what was checked holds, else with 1 and a sentence.
"""

# fmt: off
import base64
import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace as Box
from typing import Any

QUICKNET, GENESIS, PERIOD = "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", 1692803367, 3
KINDS = ("SeatTaken", "SeatRefused", "VoteCast", "VerdictReached", "PoolPublished", "ChainPublished", "CaseOpened")
CHOICES = ("breaks", "just_breaks", "just_keeps", "keeps", "breaks_another", "cannot_judge")
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # of Ed25519: RFC 8032 §5.1
D = -121665 * pow(121666, -1, P) % P

def need(holds: Any, sentence: str) -> None:
    if not holds:
        raise SystemExit(f"DOES NOT HOLD. {sentence}")

def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()

def parse(raw: bytes, what: str) -> Any:
    value = json.loads(raw, parse_float=lambda _: None, parse_constant=lambda _: None)
    need(json.dumps(value, sort_keys=True, separators=(",", ":")).encode() == raw, f"{what} is not written in its one form.")
    return value

def point(raw: bytes) -> Any:
    y, odd = int.from_bytes(raw, "little") & (1 << 255) - 1, raw[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    roots = (sign * pow(square, (P + 3) // 8, P) * half % P for sign in (1, -1) for half in (1, pow(2, (P - 1) // 4, P)))
    fit = [x for x in roots if (x * x - square) % P == 0 and x & 1 == odd and y < P]
    need(fit, "A key or a signature is none.")
    return fit[0], y

def add(p: Any, q: Any) -> Any:
    t = D * p[0] * q[0] * p[1] * q[1]
    return (p[0] * q[1] + p[1] * q[0]) * pow(1 + t, -1, P) % P, (p[1] * q[1] + p[0] * q[0]) * pow(1 - t, -1, P) % P

def times(k: int, p: Any) -> Any:
    half = times(k // 2, p) if k else (0, 1)
    return add(add(half, half), p) if k & 1 else add(half, half)

def is_signed(public: bytes, text: bytes, signature: bytes) -> bool:
    s, k = (int.from_bytes(raw, "little") for raw in (signature[32:], hashlib.sha512(signature[:32] + public + text).digest()))
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    return len(signature) == 64 and s < L and times(s, base) == add(point(signature[:32]), times(k % L, point(public)))

def signed(note: str, key: str) -> Box:
    """What a checkpoint says that this key signed (type 1) or cosigned (type 4, with a time)."""
    name, _, rest = (Path(key).read_text("utf-8") if Path(key).is_file() else key).strip().partition("+")
    public, (text, _, lines) = base64.b64decode(rest[9:], validate=True), note.partition("\n\n")
    key_id, cosigns, (origin, size, root) = sha(name.encode() + b"\n" + public)[:4], public[:1] == b"\4", text.split("\n")[:3]
    need(len(public) == 33 and rest[:9] == key_id.hex() + "+", f"{key[:90]!r} is no public key of a ledger or of a witness.")
    for _, signer, encoded in (line.split(" ") for line in lines.splitlines()):
        raw = base64.b64decode(encoded, validate=True)
        if (signer, raw[:4]) == (name, key_id):
            when = int.from_bytes(raw[4:12], "big") * cosigns
            said = f"cosignature/v1\ntime {when}\n" * cosigns + text + "\n"
            need(is_signed(public[1:], said.encode(), raw[12 if cosigns else 4:]), f"The signature of {name} is false.")
            return Box(name=name, origin=origin, size=int(size), root=base64.b64decode(root), when=when)
    raise SystemExit(f"DOES NOT HOLD. The checkpoint is not signed with the key of {name}.")

def root_of(leaves: Any, low: int, high: int, proof: Any) -> bytes:
    """Of a tree (RFC 6962) with these leaves; `proof` has the subtrees without any of them, from left to right."""
    if not any(low <= i < high for i in leaves):
        return bytes.fromhex(next(proof, ""))
    if high - low == 1:
        return sha(b"\0" + leaves[low])
    middle = low + (1 << (high - low - 1).bit_length() - 1)
    return sha(b"\1" + root_of(leaves, low, middle, proof) + root_of(leaves, middle, high, proof))

def prove(leaves: Any, size: int, hashes: Any, root: bytes, sentence: str) -> None:
    proof = iter(hashes)
    need(all(0 <= i < size for i in leaves) and root_of(leaves, 0, size, proof) == root and not list(proof), sentence)

def entry(number: int, raw: bytes) -> Box:
    said = parse(raw, f"Entry {number}")
    told = datetime.strptime(said["at"] + "+0000", "%Y-%m-%dT%H:%M:%SZ%z").timestamp()
    return Box(**said["facts"], number=number, kind=said["t"] * (said["office"] == "jury"), told=told, leaf=sha(b"\0" + raw))

def check_jury(b: Any, case: Box, verdict: Box, acts: Any, first: int) -> str:
    """One jury: its positions from `first` on, its votes, its verdict."""
    mine = [act for act in acts if act.second == verdict.second]
    listed = len(mine), sha(b"".join(sorted(act.leaf for act in mine))).hex()
    need(all(case.number < act.number < verdict.number for act in mine), "An entry stands before the case, or after its verdict.")
    need(listed == (verdict.entry_count, verdict.entries_hash), "The verdict closed other entries: one is missing, added, late.")
    seats, refused, votes = ({act.position: act for act in mine if act.kind == kind} for kind in KINDS[:3])
    fits = len(seats) + len(refused) + len(votes) == len(mine) and all(first <= act.position < verdict.walked for act in mine)
    need(fits, "A position was seated, refused or voted twice, or this jury did not walk it.")
    for k, place in case.walk[first:verdict.walked]:
        acted = {act.index for act in (seats.get(k), refused.get(k)) if act}
        need(acted or k in case.excluded, f"Position {k} is left out: no opened exclusion, no entry of a seat or a refusal.")
        need(not acted or (acted == {place} and k not in case.excluded), f"Position {k}, place {place}: its entry lies.")
    cast = {vote["position"]: vote for vote in b["votes"] if first <= vote["position"] < verdict.walked}
    need(cast.keys() == votes.keys(), f"Positions {sorted(votes)} voted; opened are the votes of {sorted(cast)}.")
    need(votes.keys() <= seats.keys() - refused.keys(), "A position voted that had no seat, or had given it back.")
    for k, vote in cast.items():
        choice, standard, nonce = vote["choice"], vote["standard"], bytes.fromhex(vote["nonce"])
        need(choice in range(6) and (standard > 0) == (choice in (0, 1, 4)), f"{choice} on standard {standard} is no vote.")
        sealed = sha(b"folkmoot/vote/v1\n" + case.leaf + case.tokens[k] + nonce + bytes([choice]) + standard.to_bytes(2, "big"))
        need(sealed.hex() == votes[k].commitment and len(nonce) == 32, f"Position {k} did not cast the vote that is shown.")
    choices, named = ([vote[what] for vote in cast.values()] for what in ("choice", "standard"))
    tally = [choices.count(i) for i in range(6)]
    need(tally == [getattr(verdict, name) for name in CHOICES], "The votes give another tally.")
    sat, judged = len(seats.keys() - refused.keys()) - tally[5], len(cast) - tally[5]
    need(sat <= case.seats, f"{sat} sat on {case.seats} seats.")
    most, standard = max((named.count(standard) * (standard > 0), standard) for standard in (0, *named))
    hidden, said = most >= case.to_hide, (verdict.hidden, verdict.standard, verdict.lapsed)
    fits = said == (hidden, standard * hidden, not hidden and judged < case.seats)
    need(fits, f"{judged} of {case.seats} judged, {most} named one standard: the verdict is another.")
    says = f"HIDE, for standard {standard}" if hidden else "LEAVE, because time ran out" if verdict.lapsed else "LEAVE"
    return f"{says} ({most} named one standard, {case.to_hide} of {case.seats} were needed)"

def check_randomness(b: Any, case: Box, chains: Any, verdict: Box) -> int:
    """Returns when the beacon's round was; 0 when only the community itself knows."""
    link, kind, name, at = bytes.fromhex(b["randomness"]), case.source[:6], case.source[6:], GENESIS + (case.round - 1) * PERIOD
    if kind == "chain:":
        fits = len(chains) == 1 and chains[0].number < case.number and 0 <= case.round < chains[0].links <= 1 << 24
        need(fits and chains[0].anchor == name, "The bundle does not hold the chain that has this link.")
        for _ in range(case.round + 1):
            link = sha(link)
        need(link.hex() == name, f"The randomness is not link {case.round} of the chain.")
        print(f"2. The randomness is link {case.round} of the chain that was published in entry {chains[0].number}.")
        return 0
    need(kind == "drand:" and sha(bytes.fromhex(b["signature"])) == link, "The randomness is not the hash of the signature.")
    need(case.source != QUICKNET or case.told + 60 <= at < verdict.told, "The beacon's round is not between case and verdict.")
    print(f"2. Round {case.round} of drand. NOT checked, look: it must stand at https://api.drand.sh/{name}/public/{case.round}")
    return at if case.source == QUICKNET else 0

def strength(b: Any, at: int, origin: str, log_key: str, witness_key: str, committed: Any) -> str:
    if at and witness_key and b["witnessed"]:
        early, witness = (signed(b["witnessed"]["checkpoint"], key) for key in (log_key, witness_key))
        prove(committed, early.size, b["witnessed"]["proof"], early.root, "What was cosigned does not hold this pool and case.")
        if 0 < witness.when < at - 10 and early.origin == origin != witness.name:
            return f"A, verifiable: {witness.name} cosigned pool and case {at - witness.when} s before the beacon's round."
    return ("B, no witness in time: verifiable only for whoever saved a checkpoint with this case from before the beacon's round."
            if at else "C, reproducible: whoever holds the community's chain, or its own beacon, could have chosen the jury.")

def check_log(folder: str, log_key: str, head: Box, b: Any, case: Box, raws: Any, has_second: bool) -> None:
    """What only the whole ledger shows. Raises at the first that does not hold."""
    now, every = signed(Path(folder, "checkpoint").read_bytes().decode(), log_key), list[bytes]()
    while len(every) < now.size:
        number, width, at = len(every) // 256, min(256, now.size - len(every)), 0
        name = f"x{number // 1000:03}/" * (number >= 1000) + f"{number % 1000:03}"
        part = Path(folder, "tile/entries", f"{name}.p", str(width))
        tile = (part if part.is_file() else Path(folder, "tile/entries", name)).read_bytes()
        for _ in range(width):
            start, at = at + 2, at + 2 + int.from_bytes(tile[at:at + 2], "big")
            every.append(tile[start:at])
    for size, root in ((now.size, now.root), (head.size, head.root)):
        row = [sha(b"\0" + raw) for raw in every[:size]]
        while len(row) > 1:
            row = [sha(b"\1" + one + two) for one, two in zip(row[::2], row[1::2])] + row[len(row) - len(row) % 2:]
        need(row == [root], f"The files of the ledger do not give the tree of {size} entries that was signed.")
    acts = [entry(number, raw) for number, raw in enumerate(every)]
    verdicts, pools, _, cases = ([act for act in acts if act.kind == kind] for kind in KINDS[3:])
    mine = {e.number for e in acts if e.kind in KINDS[:4] and e.case == case.number and (has_second or not e.second)}
    need(mine <= raws.keys(), f"The ledger has entries of this case that the bundle has not: {mine - raws.keys()}.")
    need(not any(case.pool < p.number < case.number and p.told <= case.told - 7200 for p in pools), "It was an old pool.")
    firsts, counted, rest = [v for v in verdicts if not v.second], b["counted"], b["counted"]["rest_hours"] * 3600 + 7200
    decided, known = {v.case: v for v in firsts}, {c.number: c for c in cases}
    heard = [(v.post_id, v.revision, vars(v).get("act"), (c := known[v.case]).appeals is None, c.reopens is None) for v in firsts]
    need(len(set(heard)) == len(heard), f"Judged more than once: {[h[:2] for h in heard if heard.count(h) > 1]}.")
    late = [c.number for c in cases if c.told + (counted["case_hours"] + 24) * 3600 < acts[-1].told and c.number not in decided]
    need(not late, f"Cases were opened and never decided: entries {late}.")
    turn, post = sum(c.source == case.source and c.number < case.number for c in cases), decided[case.number].post_id
    need(case.source[:6] != "chain:" or case.round == turn, f"The case took link {case.round} of the chain; its turn was {turn}.")
    asked = {v.case: v.walked + 6 * known[v.case].seats for v in verdicts if v.case < case.number and v.post_id == post}
    sat = sum(0 <= case.told - act.told <= rest for act in acts if act.kind == "SeatTaken" and act.case != case.number)
    most = 1 + 2 * counted["blocked_jurors"] + counted["alerts"] + counted["replies"] + sat + sum(asked.values())
    need(case.excluded_n <= most, f"{case.excluded_n} were on the list of exclusions; there are reasons for {most}.")
    print(f"   The whole ledger agrees, if the post had {counted['alerts']} alerts and {counted['replies']} replies: look.")

def check(raw: bytes, log_key: str, witness_key: str, folder: str) -> None:
    b = parse(raw, "The bundle")
    head, raws = signed(b["checkpoint"], log_key), {one["index"]: one["entry"].encode() for one in b["entries"]}
    need(b["v"] == 1 and not head.when and head.name == head.origin, f"This is no bundle of form 1 from {head.name}.")
    prove(raws, head.size, b["log_proof"], head.root, "An entry, or its place, is not what stands in the ledger.")
    entries = [entry(number, raw) for number, raw in sorted(raws.items())]
    verdicts, (pool,), chains, (case,) = ([e for e in entries if e.kind == kind] for kind in KINDS[3:])
    acts, n = [e for e in entries if e.kind in KINDS[:3]], pool.n
    fits = [v.second for v in verdicts] in ([False], [False, True]) and all(act.case == case.number for act in acts + verdicts)
    need(fits and 2 + len(chains + verdicts + acts) == len(entries), "The bundle holds other entries than of one decided case.")
    need(case.pool == pool.number < case.number and case.told - pool.told <= 37 * 3600, "The pool is not of the 36 hours before.")
    need(case.seats < 2 * case.to_hide <= 2 * case.seats, f"{case.to_hide} of {case.seats} is no majority.")
    print(f"1. The ledger {head.origin} holds case {case.number}, its pool of {n}, its verdict and {len(acts)} entries between.")
    at, value = check_randomness(b, case, chains, verdicts[0]), bytes.fromhex(b["randomness"]).hex()
    parts = ("folkmoot/jury/v1", head.origin, case.number, case.leaf.hex(), pool.root, n, case.source, case.round, value)
    seed, case.walk, moved = sha("".join(f"{part}\n" for part in parts).encode()), [], dict[int, int]()
    for k in range(verdicts[-1].walked):
        j = k + int.from_bytes(sha(k.to_bytes(8, "big") + seed + k.to_bytes(8, "big")), "big") % (n - k)
        case.walk.append((k, moved.get(j, j)))
        moved[j] = moved.get(k, k)
    need(case.walk == [(one["position"], one["index"]) for one in b["walked"]], "The lot gives another order than was walked.")
    case.tokens, case.excluded = [bytes.fromhex(one["token"]) for one in b["walked"]], {one["position"] for one in b["excluded"]}
    placed = {place: case.tokens[k] for k, place in case.walk}
    prove(placed, n, b["pool_proof"], bytes.fromhex(pool.root), "A token is not the one at its place in the pool.")
    need(sorted(set(case.tokens)) == [placed[place] for place in sorted(placed)], "The pool is not in order.")
    leaves = {one["leaf"]: bytes.fromhex(one["salt"]) + case.tokens[one["position"]] for one in b["excluded"]}
    need(len(leaves) == len(b["excluded"]) == len(case.excluded), "An exclusion is opened twice.")
    prove(leaves, case.excluded_n, b["excluded_proof"], bytes.fromhex(case.excluded_root), "Who is excluded was not listed.")
    print(f"3. The lot, drawn again: {len(case.walk)} positions, {len(leaves)} excluded ({case.excluded_n} of {n} could be).")
    need(len(verdicts) == 1 or sha(b"folkmoot/second/v1\n" + seed)[0] < 13, "The lot gives this case no second jury.")
    need(len(verdicts) > 1 or not any(act.second for act in acts), "There are entries of a second jury, and no verdict of it.")
    for verdict, first in zip(verdicts, (0, verdicts[0].walked)):
        print(f"4. {'Second jury, without effect' if first else 'Verdict'}: {check_jury(b, case, verdict, acts, first)}.")
    content = b["content"] and bytes.fromhex(b["content"]["salt"]) + b["content"]["text"].encode()
    need(content is None or sha(content).hex() == case.content_hash, "What was judged is not what the bundle shows.")
    print("5. What was judged is what the bundle shows." if content else "5. The post was withdrawn: NOT checked.")
    if folder:
        check_log(folder, log_key, head, b, case, raws, len(verdicts) > 1)
    before = {index: raws[index] for index in (pool.number, case.number)}
    print(f"IT HOLDS. Strength {strength(b, at, head.origin, log_key, witness_key, before)}")

if __name__ == "__main__":
    *given, log = [one for one in sys.argv[1:] if one != "--log"] + [""] * ("--log" not in sys.argv)
    if len(given) not in (2, 3):
        raise SystemExit(__doc__)
    try:
        check(Path(given[0]).read_bytes(), given[1], "".join(given[2:]), log)
    except Exception as trouble:
        raise SystemExit(f"DOES NOT HOLD. A file is missing or not in its form ({type(trouble).__name__}: {trouble}).") from None
