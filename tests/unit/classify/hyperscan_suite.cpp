#include "hyperscan_suite.hpp"

#include <hs.h>

#include <algorithm>
#include <fstream>

#include "test_data.hpp"

namespace suite {
namespace {

namespace fs = std::filesystem;

unsigned flag_of(char letter) {
  switch (letter) {
    case 'i':
      return HS_FLAG_CASELESS;
    case 's':
      return HS_FLAG_DOTALL;
    case 'm':
      return HS_FLAG_MULTILINE;
    case 'H':
      return HS_FLAG_SINGLEMATCH;
    case 'V':
      return HS_FLAG_ALLOWEMPTY;
    case '8':
      return HS_FLAG_UTF8;
    case 'W':
      return HS_FLAG_UCP;
    case 'P':
      return HS_FLAG_PREFILTER;
    case 'L':
      return HS_FLAG_SOM_LEFTMOST;
    case 'C':
      return HS_FLAG_COMBINATION;
    case 'Q':
      return HS_FLAG_QUIET;
    default:
      return 0;  // 'O': matches come in order
  }
}

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(test_data("hyperscan-patterns/tools/hscollider/test_cases") / folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// "\x41", "\n", "\"": as in C.
std::string unescaped(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char kind = text[++i];
    constexpr std::string_view letters = "abefnrtv0";
    constexpr std::string_view meant("\a\b\x1b\f\n\r\t\v\0", 9);
    if (kind == 'x') {
      bytes += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else if (const std::size_t at = letters.find(kind); at != std::string_view::npos) {
      bytes += meant[at];
    } else {
      bytes += kind;
    }
  }
  return bytes;
}

std::vector<unsigned long long> numbers_in(const std::string& text) {
  std::vector<unsigned long long> numbers;
  constexpr const char* digits = "0123456789";
  for (std::size_t at = text.find_first_of(digits); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_not_of(digits, at), text.size());
    numbers.push_back(std::stoull(text.substr(at, end - at)));
    at = text.find_first_of(digits, end);
  }
  return numbers;
}

Text read_text(const std::string& line, const std::string& file) {
  const std::size_t mark = line.find_first_of(":=");
  Text text;
  text.id = static_cast<unsigned>(std::stoul(line.substr(0, mark)));
  text.file = file;
  if (line[mark] == ':') {
    text.data = unescaped(line.substr(mark + 1));
    return text;
  }
  const std::size_t end = line.rfind("\":");
  text.data = unescaped(line.substr(mark + 2, end - mark - 2));
  text.ends = numbers_in(line.substr(end));
  return text;
}

}  // namespace

std::optional<Expression> read_expression(const std::string& line, const std::string& file) {
  const std::size_t begin = line.find(":/");
  if (begin == std::string::npos) return std::nullopt;
  std::size_t end = line.find(" #", begin);  // a remark; a regex of the suite may hold it too, so look for its '/'
  if (end == std::string::npos || line.substr(0, end).find_last_of('/') <= begin + 1) end = line.size();
  const std::size_t slash = line.substr(0, end).find_last_of('/');
  Expression expression;
  expression.id = static_cast<unsigned>(std::stoul(line.substr(0, begin)));
  expression.file = file;
  expression.regex = line.substr(begin + 2, slash - begin - 2);
  std::string rest = line.substr(slash + 1, end - slash - 1);
  const std::size_t brace = std::min(rest.find('{'), rest.size());
  for (const char letter : rest.substr(0, brace)) expression.flags |= flag_of(letter);
  for (std::string limits = rest.substr(brace); limits.size() > 1;) {
    const std::size_t equals = limits.find('=');
    if (equals == std::string::npos) break;
    const std::size_t stop = limits.find_first_of(",}", equals);
    expression.limits[limits.substr(1, equals - 1)] = std::stoull(limits.substr(equals + 1));
    limits = stop == std::string::npos ? "" : limits.substr(stop);
  }
  return expression;
}

std::vector<Expression> expressions() {
  std::vector<Expression> all;
  for (const fs::path& file : files_in("pcre")) {
    for (const std::string& line : lines_of(file)) {
      if (auto expression = read_expression(line, file.stem().string())) all.push_back(std::move(*expression));
    }
  }
  return all;
}

std::map<unsigned, std::vector<Text>> texts() {
  std::map<unsigned, std::vector<Text>> all;
  for (const fs::path& file : files_in("corpora")) {
    for (const std::string& line : lines_of(file)) {
      Text text = read_text(line, file.stem().string());
      all[text.id].push_back(std::move(text));
    }
  }
  return all;
}

std::vector<Expression> bad_expressions() {
  std::vector<Expression> all;
  for (const std::string& line : lines_of(test_data("hyperscan-patterns/unit/hyperscan/bad_patterns.txt"))) {
    if (auto expression = read_expression(line, "bad_patterns")) all.push_back(std::move(*expression));
  }
  return all;
}

}  // namespace suite
