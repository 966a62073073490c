"""Courses of care: what was attended, what was authorized, what was asked for; with counts where stated.

Each count is judged by the words around it: a verb behind it ("six sessions were completed") before the
nearest one in front ("completed six sessions", "treatment to date has included six sessions").
"""

from imr_rules.reading.letters.courses.finding import find_courses
from imr_rules.reading.letters.courses.requested import find_requested

__all__ = ["find_courses", "find_requested"]
