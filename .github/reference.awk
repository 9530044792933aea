# What Doxygen is to see of a public header. In jobmedic.h the plain C comments become Doxygen's, and its ruled headings groups; in
# the C++ headers the comment above "namespace jobmedic {" becomes the file's. In pages only links to other pages are kept. Lines
# keep their numbers.
FILENAME ~ /\.md$/ {
  sub(/^```.*/, "```")
  while (match($0, /\[[^]]*\]\([^)]*\)/)) {
    link = substr($0, RSTART, RLENGTH)
    words = link
    sub(/^\[/, "", words)
    sub(/\]\(.*/, "", words)
    printf "%s%s", substr($0, 1, RSTART - 1), link ~ /\.md\)$/ && link !~ /CONTRIBUTING/ ? link : words
    $0 = substr($0, RSTART + RLENGTH)
  }
  print
  next
}
FILENAME ~ /\.hpp$/ && (/^$/ || /^\/\/\//) { held = held $0 "\n"; next }
FILENAME ~ /\.hpp$/ {
  if (/^namespace jobmedic \{/) sub(/^\n/, "/// @file\n", held)
  printf "%s", held
  held = ""
  print
  next
}
/^\/\* jobmedic\.h - / {
  sub(/.* - /, "")
  title = " * " toupper(substr($0, 1, 1)) substr($0, 2)
  print "/** @file"
  next
}
title != "" { print title; title = ""; next }
/^\/\* -- / || /^\/\* ---- / {
  heading = $0
  gsub(/^\/\* -+ | -+ *\*\/$/, "", heading)
  print (grouped ? "/** @} */ " : "") "/** @name " heading " */ /** @{ */"
  grouped = 1
  next
}
/^#ifdef __cplusplus/ { if (grouped) print "/** @} */"; else print ""; language = 1; next }
language { language = !/^#endif/; print ""; next }
/NOLINT/ { print ""; next }
{ sub(/^\/\* /, "/** "); sub(/[^\/*]\/\* /, "&\a"); sub(/\/\* \a/, "/**< "); print }
END { printf "%s", held }
