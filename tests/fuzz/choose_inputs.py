"""Chooses few inputs that go everywhere in the code, from libFuzzer's merge control file.

    choose_inputs.py CONTROL_FILE

Prints the paths of the chosen files. libFuzzer's own merge keeps an input for each new
number of times that a place is reached too, which makes many of them: several hundred, where
a hundred reach every place. This is the greedy set cover of the places alone.

The control file, as -set_cover_merge=1 -merge_control_file writes it (FuzzerMerge.h): a count
of files, the index of the first input, their paths, then for each a line "FT index feature...",
where a feature is a place times eight plus the bucket of its count.
"""

import pathlib
import sys

BUCKETS = 8


def places_by_file(lines):
    count = int(lines[0])
    files = lines[2:2 + count]
    for line in lines[2 + count:]:
        kind, _, rest = line.partition(" ")
        if kind == "FT":
            index, *features = (int(number) for number in rest.split())
            yield files[index], {feature // BUCKETS for feature in features}


def choose(places):
    left = set().union(*places.values())
    while left:
        # The most that is new; of these the smallest file.
        best = max(places, key=lambda file: (len(places[file] & left), -pathlib.Path(file).stat().st_size, file))
        left -= places[best]
        yield best


def main():
    lines = pathlib.Path(sys.argv[1]).read_text().splitlines()
    for file in choose(dict(places_by_file(lines))):
        print(file)


if __name__ == "__main__":
    main()
