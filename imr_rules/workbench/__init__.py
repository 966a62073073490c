"""For guideline editors: is a rulebook well formed, what do its fixtures see of it, and what would they miss?

* :mod:`~imr_rules.workbench.lint`: what is wrong with the files, each kind of finding a module of its own;
* :mod:`~imr_rules.workbench.fixtures`: cases with the answer they must get; also a pytest plugin;
* :mod:`~imr_rules.workbench.coverage`: what of each criterion, limit and date the fixtures saw;
* :mod:`~imr_rules.workbench.mutation`: which small mistakes in a guideline the fixtures would not notice.
"""
