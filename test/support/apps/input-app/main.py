# Asks for names. Whatever types at it without need leaves traces: tests read `answers`, and `empty`, how many of them
# were empty. Ctrl-A at the prompt is such an empty answer; Ctrl-D counts in `ends`.
answers = []
empty = 0
ends = 0
while True:
    try:
        name = input("name? ")
    except EOFError:
        ends += 1
        continue
    answers.append(name)
    if not name:
        empty += 1
