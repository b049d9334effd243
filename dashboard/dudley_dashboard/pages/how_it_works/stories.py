"""What does each loop do, in the words of somebody who works in the system?"""

from __future__ import annotations

STORIES = {
    "R1": "Fewer GPs see the same patients, so each carries more. Some then retire earlier or work fewer "
    "sessions, which leaves even fewer.",
    "R2": "Who is not seen on the day goes to A&E. A&E is paid for out of the same purse, so less is left "
    "for practice and community staff, and fewer are seen on the day.",
    "R3": "Care that is meant to move finds no staff to receive it and stays in hospital. The money "
    "stays with it, community posts are not paid for, and the next care to move finds no staff either.",
    "R4": "Empty posts are carried by those who stay. The load drives some of them out, which "
    "empties more posts.",
    "R5": "Busy practices lose continuity. Without it more people with long-term conditions become complex, "
    "and complex people need more of the practice.",
    "R6": "Care lands in the community, beds can close, the fixed cost of the hospital falls, and the money "
    "pays for community staff on whom more care can land.",
    "B1": "Empty posts make an employer try harder: pay, effort, faster offers. More people join, and "
    "fewer posts are empty.",
    "B2": "Long waits put people off. They give up or go elsewhere, demand falls, and the wait shortens.",
    "B3": "A full hospital cancels planned operations, which frees beds.",
    "access and health": "Who cannot be seen gets worse, and people who are worse need more appointments.",
    "shift relieves hospital": "Care that is moved and lands no longer needs the hospital. This does not "
    "come back to its start by itself.",
    "prevention lowers onset, late": "Prevention lowers how many fall ill, some after about three years, "
    "most after about ten.",
    "survival brings old age and demand": "Fewer deaths mean more people at old ages, who use more care.",
}
"""By name in ``models/loops.toml``; a loop without one is told by its title and its links."""

KINDS = {
    "reinforcing": "Reinforcing: a change goes round and comes back larger.",
    "balancing": "Balancing: a change goes round and is held back.",
    "chain": "A chain, not a loop: its end does not lead back to its start.",
}
