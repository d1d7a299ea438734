"""Hand-ins as they really arrive: right work, in every state in which platforms, editors and students leave it.

The rule: where a fair teaching assistant who looks at the hand-in would give the points, grading gives them too, and a
note says what was done; where they would not, it does not. Each file here makes hand-ins of one kind from the worked
solution and the release; `making` says what one consists of, and `running` grades them.
"""
