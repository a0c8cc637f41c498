"""Faults whose cure is known, because both are ours: for training planners and for proof."""

from acav1m.agent.faults.fault import Fault
from acav1m.agent.faults.grades import grades

__all__ = ["Fault", "grades"]
