#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Hyperscan's own test suite, as files beside the project: expressions, texts, and where in a text each one matches.
namespace suite {

struct Expression {
  unsigned id = 0;
  std::string file;
  std::string regex;
  unsigned flags = 0;                                ///< HS_FLAG_*
  std::map<std::string, unsigned long long> limits;  ///< "min_offset", "edit_distance", ...
  [[nodiscard]] bool has(unsigned flag) const { return (flags & flag) != 0; }
};

struct Text {
  unsigned id = 0;  ///< of its expression
  std::string file;
  std::string data;
  std::optional<std::vector<unsigned long long>> ends;  ///< ascending; absent: the suite does not say
};

/// "ID:/REGEX/FLAGS{NAME=NUMBER,...}", then maybe blanks and a remark; none for comments and empty lines.
std::optional<Expression> read_expression(const std::string& line, const std::string& file);
std::vector<Expression> expressions();
/// The texts of each expression, by its id.
std::map<unsigned, std::vector<Text>> texts();
/// The expressions that must be refused.
std::vector<Expression> bad_expressions();

}  // namespace suite
