# From rows (peer, subject, work, figure) of several rounds to one row for each of our works.
# The first file has the ratios wanted: subject, work, back-end, ratio.
BEGIN { FS = OFS = "\t" }

FNR == NR { wanted[$1, $2, $3] = $4; targets[++count] = $0; next }

{
  spoke[$1] = 1
  if ($1 ~ /^ours /) {
    key = $2 SUBSEP $3 SUBSEP substr($1, 6)
    if (!(key in ours)) { order[++rows] = key; ours[key] = 0 }
    if ($4 > ours[key]) ours[key] = $4
  } else if ($4 > fastest[$2, $3]) { fastest[$2, $3] = $4; name[$2, $3] = $1 }
}

# What a peer does of a work of ours: all but what stands behind the comma.
function plain(work) { sub(/,.*/, "", work); return work }

function figure(number) { return number >= 1000 ? sprintf("%.0f", number) : sprintf("%.1f", number) }

function in_groups(subject,   list, i, n) {
  n = split(groups, list, " ")
  for (i = 1; i <= n; i++) if (index(subject, list[i]) == 1) return 1
  return 0
}

function show(subject, work, used, mine, peer, theirs, ratio, want) {
  if (form != "markdown") { print subject, work, used, mine, peer, theirs, ratio, want; return }
  if (!begun++) {
    print "| subject | work | back-end | ours | fastest peer | its figure | ratio | wanted |"
    print "|---|---|---|---|---|---|---|---|"
  }
  printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", subject, work, used, mine, peer, theirs, ratio, want
}

END {
  n = split(peers, expected, ",")
  for (i = 1; i <= n; i++) if (!(expected[i] in spoke)) { print "silent: " expected[i] > "/dev/stderr"; silent = 1 }
  if (!rows) { print "nothing was measured" > "/dev/stderr"; silent = 1 }
  if (silent) exit 1
  for (i = 1; i <= rows; i++) {
    key = order[i]
    split(key, part, SUBSEP)
    theirs = fastest[part[1], plain(part[2])]
    ratio = theirs ? sprintf("%.2f", ours[key] / theirs) : "-"
    want = key in wanted ? wanted[key] : "-"
    if (key in wanted) { if (ratio != "-" && ours[key] / theirs >= want) met++; else short = short "; " part[1] ", " part[2] ", " part[3] }
    show(part[1], part[2], part[3], figure(ours[key]), theirs ? name[part[1], plain(part[2])] : "-", theirs ? figure(theirs) : "-", ratio, want)
  }
  for (i = 1; i <= count; i++) {
    split(targets[i], part, FS)
    if (part[3] == "avx-512" && back_end != "avx-512" && in_groups(part[1]))
      show(part[1], part[2], part[3], "skipped", "-", "-", "skipped", part[4])
  }
  missed = short ? "; short of it: " substr(short, 3) : ", none missed"
  printf("%d of the ratios wanted reached%s\n", met, missed) > "/dev/stderr"
}
