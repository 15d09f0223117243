"""Which class does which kind of study."""

from openiads.study.kinds.base import Kind, Setting
from openiads.study.kinds.comparing import Comparing
from openiads.study.kinds.designing import Designing
from openiads.study.kinds.knowing import Knowing, Pointing
from openiads.study.kinds.screening import Screening
from openiads.study.kinds.shuffling import Shuffling
from openiads.study.kinds.sizing import Sizing
from openiads.study.kinds.sweeping import Sweeping
from openiads.study.model import AnyBlock, Compare, Design, Knowledge, Margin, Replicate, Sensitivity, Size, Sweep, Ties


def kind_of(block: AnyBlock, setting: Setting) -> Kind:
    """Return the block at work."""
    match block:
        case Replicate() | Compare() | Margin():
            return Comparing(block, setting)
        case Sweep():
            return Sweeping(block, setting)
        case Design():
            return Pointing(block, setting) if block.points else Designing(block, setting)
        case Knowledge():
            return Knowing(block, setting)
        case Sensitivity():
            return Screening(block, setting)
        case Size():
            return Sizing(block, setting)
        case Ties():
            return Shuffling(block, setting)
