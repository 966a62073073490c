"""For guideline editors: does the rulebook still give every fixture its answer?"""
