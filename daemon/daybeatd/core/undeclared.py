"""The last names that products reported and did not declare, for `doctor`: so that an author sees what was forgotten.

In memory only, and few. A name is somebody's text until proven otherwise, so of each only those segments are kept that
are made of known words; the rest is `<hidden>`. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from daybeat import prose, tripwires, vocabulary
from daybeat.policy import is_name
from daybeat.words import words_of

#: Names kept of one product.
MAX_NAMES = 8
#: Names looked at for one product, so that a flood of them costs nothing; `ease` allows as many again.
MAX_LOOKS = 256

HIDDEN = "<hidden>"

_COMMON = (
    "about accept access account action actions activate activated active activity actual add added admin "
    "agent agents alert alerts analysis analytics analyze api app apps apply archive area audio auth auto "
    "average background backup badge balance banner bar basic batch beat beta bin block board book bookmark "
    "boost border bot box branch browser bucket budget bug builder bulk bundle bus button calendar camera "
    "canvas capture card cart catalog category cell center chart charts chat checkout choice chunk clean "
    "clear click clicked clicks clipboard clock clone cloud cluster code collapse collection color column "
    "comment commit compact compare compile compiler complete completion compose compute console consumer "
    "contact container controller convert copy core cost counter coverage crash create created cursor custom "
    "daily dark dashboard data dataset date debug decision declared default delay demo deploy design desktop "
    "detail details device diagram dialog diff disk display distance dock dot double download downloaded "
    "draft drag draw drop duration edge edit edited editor effect embed enable enabled engine enter entry "
    "environment event events example exit expand experiment explain explorer export exported extension fast "
    "favorite feature features feedback fetch filter filters fit fix flag flow focus folder follow font "
    "footer forgotten form format forward frame free full fuzzy gallery game gateway general generate "
    "generated get goal gpu grid group guide handler hard header health heavy help hidden hide high highlight "
    "history hit hits home hook hot hour hover icon idle image import imported inbox index info ingest init "
    "inline insert inspect install installed interactive interface interval issue item items job jobs join "
    "jump kernel kind lab label lag language large last latency launch launched layer layout lazy lead learn "
    "level library light line link list live load loaded local lock log login logout loop low machine magic "
    "main manager manual map mark markdown match math measure media memory menu merge metric metrics metrical "
    "migrate mini minimal misc missing mode model models module monitor monthly motion mouse move multi mute "
    "mystery native navigate navigation nested net new night node noise normal note notebook notification "
    "number object offline onboarding online open opened operation option options order other output overlay "
    "overview pack package page pages paint pan panel parse parser paste pause peak perf phase pick pin "
    "pipeline pixel plan play player plot plugin plugins plus point pool popup port power preset press "
    "preview primary print process product production profile progress project projects pull push quality "
    "queue quick quit quota random range rank rate raw react reader ready real rebuild recent record "
    "recording redo reduce refactor refresh region register release reload remote remove render rename replay "
    "report reports request reset resize resource restart restore result results resume retry return review "
    "rogue rollback root rotate route router row rows rule run runner running sample save saved scale scan "
    "scene schedule scheduler schema score screen script scroll search searches section select selection send "
    "server service services session setting settings setup shape share shared shell shop shortcut show "
    "sidebar sign signup simple size skip slide slow small smart snapshot social sort sound source space "
    "speed split stage standard star start started startup state static stats status step stop storage store "
    "stream style submit success suggest summary support switch sync system tab table tag tags tail target "
    "task tasks team template terminal test tests theme things thing thread thumbnail tick tile time timeline "
    "timeout timer tip title toggle tool toolbar tools tooltip top topic total touch trace track train "
    "training transfer transform tree trial trigger tune tutorial type undeclared undo unit unknown unlock "
    "update updated upgrade upload usage use used vector version video view viewed viewer views visit visual "
    "voice wait warm watch web weekly widget width window wizard word work worker workflow workflows "
    "workspace wrap write year zero zip zone zoom cli cmd ui ux db sql io cpu ms not no of on off to up down "
    "in out all any finish begin continue cancel close choose found lost seen sent"
)
_KNOWN = (frozenset(_COMMON.split()) | prose.CODE_WORDS | vocabulary.KNOWN) - prose.NAMES_TOO - prose.PERSONS


class Undeclared:
    """Per product, the last names as far as they may be shown."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, None]] = {}
        self._looks: dict[str, int] = {}

    def note(self, product: str, name: str, declared: Iterable[str]) -> None:
        """`name` was dropped as undeclared. Words of what the product did `declare` are known words, too."""
        looks = self._looks.get(product, 0)
        names = self._names.setdefault(product, {})
        if name in names:
            names[name] = names.pop(name)  # the last one now
            return
        if looks >= MAX_LOOKS:
            return
        self._looks[product] = looks + 1
        shown = shown_name(name, declared)
        if shown:
            names.pop(shown, None)
            names[shown] = None
            if len(names) > MAX_NAMES:
                del names[next(iter(names))]

    def of(self, product: str) -> list[str]:
        """The names, the last one last."""
        return list(self._names.get(product, ()))

    def ease(self, product: str) -> None:
        """A new window began: look again."""
        self._looks.pop(product, None)

    def forget(self, product: str) -> None:
        self._names.pop(product, None)
        self.ease(product)


def shown_name(name: str, declared: Iterable[str] = ()) -> str:
    """As much of an undeclared name as may be shown; "" for nothing at all."""
    if not is_name(name):
        return ""
    segments = name.split(".")
    if tripwires.trips(segments):
        return ""
    own = {word for each in declared for part in words_of(each.split(".")) for word in part}
    parts = words_of(segments)
    safe = [all(word in own or _is_known(word) for word in part) for part in parts]
    return ".".join(s if ok else HIDDEN for s, ok in zip(segments, safe, strict=True)) if any(safe) else ""


def _is_known(word: str) -> bool:
    """A known word, or one that is made of one: `finished`, `buttons`."""
    stems = [word, *(word.removesuffix(end) for end in ("s", "d", "ed", "ing", "er") if len(word) > 4)]
    return any(stem in _KNOWN for stem in stems) and word not in prose.NAMES_TOO | prose.PERSONS
