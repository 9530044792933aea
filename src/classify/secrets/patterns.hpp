#pragma once
#include <string>
#include <string_view>
#include <vector>

// The document jobmedic.secrets/1:
//   {"schema": "jobmedic.secrets/1",
//    "not_secrets": [REGEX...],       // values that a setting may hold without being a secret: null, ${VARIABLE}
//    "settings": [{"name": ..., "keys": [GLOB...], "except": [GLOB...], "value": REGEX, "matches": [], "ignores": []}],
//    "shapes": [{"name": ..., "starts": [LITERAL...], "then": REGEX, "flags": "i", "within": false,
//                 "matches": [], "ignores": []}]}
// An example that a code host would take for a real token has one letter written as \u00XX.
namespace jobmedic::secrets {

/// A secret known by the name it is assigned to.
struct Setting {
  std::string name;
  std::vector<std::string> keys;    ///< globs over the whole key in lower case
  std::vector<std::string> except;  ///< keys that hold none all the same
  std::string value;                ///< regex for the whole value; empty: any
};

/// A secret known by how it looks.
struct Shape {
  std::string name;
  std::vector<std::string> starts;  ///< literal texts before it: they stay readable
  std::string then;                 ///< regex for what follows; its group "secret", or all of it, is masked
  std::string flags;                ///< of "i" and "s", for `starts` and `then`
  bool within = false;              ///< also inside a word; else no letter or digit stands before a start with one
};

/// What a pattern of either kind says about itself: whole lines, checked by the tests.
struct Examples {
  std::string name;
  std::vector<std::string> matches;
  std::vector<std::string> ignores;
};

struct Patterns {
  std::vector<std::string> not_secrets;
  std::vector<Setting> settings;
  std::vector<Shape> shapes;
  std::vector<Examples> examples;

  void append(Patterns later);
};

/// Throws Error: parse, schema, rules (a bad regex, with its column).
Patterns parse_patterns(std::string_view json, std::string_view file);
/// src/classify/secrets/secrets.json.
Patterns shipped_patterns();
/// The longest run of plain text in a glob: what a scan looks for.
std::string longest_literal(std::string_view glob);

}  // namespace jobmedic::secrets
