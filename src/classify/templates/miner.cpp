// Shapes are found by hash. A new one joins the family of as many tokens that is most like it, or founds one. A family
// is one template, or several where a place holds few words.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

#include "classify/templates/shape.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/templates.hpp"

namespace jobmedic {
namespace {

using classify::parameter;
using classify::tokens_of;

constexpr std::size_t most_compared = 500;  // families a new shape is compared with, the latest first
constexpr std::size_t longest_example = 500;
constexpr double same_key = 0.9;  // "user=root" beside "user=guest"

constexpr bool is_parameter(std::string_view token) {
  return token.size() == 1 && token[0] == parameter;
}

// "rhost=" of "rhost=<*>"; empty: the token names no key.
std::string_view key_of(std::string_view token) {
  const std::size_t mark = token.find_first_of("=:");
  return mark == std::string_view::npos || mark == 0 ? std::string_view() : token.substr(0, mark + 1);
}

// What all of them begin with, up to the last '=' or ':' of it.
std::string_view common_key(const std::vector<std::string>& values) {
  std::string_view common = values.front();
  for (const std::string& value : values) {
    const auto [end, ignored] = std::mismatch(common.begin(), common.end(), value.begin(), value.end());
    common = common.substr(0, static_cast<std::size_t>(end - common.begin()));
  }
  const std::size_t mark = common.find_last_of("=:");
  return mark == std::string_view::npos ? std::string_view() : common.substr(0, mark + 1);
}

// After these words stands a name, however few of them were seen.
bool announces_a_name(std::string_view token) {
  constexpr std::array<std::string_view, 9> nouns{"column", "database", "directory", "file", "host",
                                                  "path",   "table",    "topic",     "user"};
  std::string small(token.substr(0, 10));
  std::transform(small.begin(), small.end(), small.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return std::binary_search(nouns.begin(), nouns.end(), std::string_view(small));
}

struct Family {
  std::vector<std::string> tokens;               // parameter where they differ, or "key=" and parameter
  std::vector<std::vector<std::string>> values;  // the distinct words of each place, at most few_values + 1
  std::size_t shapes = 0;                        // remembered
};

struct Shape {
  std::string text;
  std::string example;
  std::uint64_t id = 0;
  std::uint64_t count = 0;
  std::uint64_t last_used = 0;
  std::uint64_t family = 0;
};

double similarity(const std::vector<std::string>& family, const std::vector<std::string_view>& line) {
  double equal = 0;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::string& a = family[i];
    const std::string_view b = line[i];
    if (a == b) {
      if (is_parameter(b)) continue;
      equal += 1;
    } else if (!is_parameter(a) && !is_parameter(b)) {
      const std::string_view key = key_of(a);
      if (!key.empty() && key == key_of(b)) equal += same_key;
    }
    ++compared;
  }
  return compared == 0 ? 1 : equal / static_cast<double>(compared);
}

}  // namespace

struct TemplateMiner::Impl {
  explicit Impl(const TemplateOptions& given) : options(given) {
    if (options.most_shapes == 0) throw Error(Status::invalid_argument, "most_shapes: is 0");
    if (!(options.similarity >= 0 && options.similarity <= 1)) {
      throw Error(Status::invalid_argument, fmt::format("similarity: {} is not in 0..1", options.similarity));
    }
  }

  std::uint64_t add(std::string_view line) {
    const std::string_view text = reader.read(line);
    const std::uint64_t hash = hash64(text);
    ++clock;
    auto found = shapes.find(hash);
    if (found == shapes.end()) {
      if (shapes.size() >= options.most_shapes) forget_oldest();
      Shape fresh{std::string(text), valid_utf8(line, longest_example), next_shape++, 0, 0, 0};
      fresh.family = join_family(tokens_of(text));
      found = shapes.emplace(hash, std::move(fresh)).first;
    }
    found->second.last_used = clock;
    ++found->second.count;
    return found->second.id;
  }

  std::uint64_t join_family(const std::vector<std::string_view>& tokens) {
    std::vector<std::uint64_t>& peers = by_length[tokens.size()];
    const std::size_t first = peers.size() > most_compared ? peers.size() - most_compared : 0;
    double best = options.similarity;
    std::optional<std::uint64_t> chosen;
    for (std::size_t i = first; i < peers.size(); ++i) {
      const double value = similarity(families.at(peers[i]).tokens, tokens);
      if (value > best || (value == best && !chosen)) {
        best = value;
        chosen = peers[i];
      }
    }
    if (!chosen) {
      chosen = next_family++;
      peers.push_back(*chosen);
      Family& fresh = families[*chosen];
      fresh.tokens.assign(tokens.begin(), tokens.end());
      fresh.values.resize(tokens.size());
    }
    take_in(families.at(*chosen), tokens);
    return *chosen;
  }

  void take_in(Family& family, const std::vector<std::string_view>& tokens) const {
    ++family.shapes;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::vector<std::string>& values = family.values[i];
      if (values.size() <= options.few_values && std::find(values.begin(), values.end(), tokens[i]) == values.end()) {
        values.emplace_back(tokens[i]);
      }
      if (family.tokens[i] == tokens[i]) continue;
      const std::string_view key = key_of(family.tokens[i]);
      family.tokens[i] =
          !key.empty() && key == key_of(tokens[i]) ? std::string(key) + parameter : std::string(1, parameter);
    }
  }

  // A quarter at once, so that it costs little per line.
  void forget_oldest() {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> by_use;  // last use, hash
    by_use.reserve(shapes.size());
    for (const auto& [hash, shape] : shapes) by_use.emplace_back(shape.last_used, hash);
    const std::size_t count = std::max<std::size_t>(by_use.size() / 4, 1);
    std::nth_element(by_use.begin(), by_use.begin() + static_cast<std::ptrdiff_t>(count - 1), by_use.end());
    for (std::size_t i = 0; i < count; ++i) {
      const auto old = shapes.find(by_use[i].second);
      const auto family = families.find(old->second.family);
      shapes.erase(old);
      if (--family->second.shapes > 0) continue;
      std::erase(by_length[family->second.tokens.size()], family->first);
      families.erase(family);
    }
  }

  // Are the words at this place as many templates, not values of a parameter?
  [[nodiscard]] bool tells_apart(const Family& family, std::size_t place) const {
    const std::vector<std::string>& values = family.values[place];
    if (values.size() < 2 || values.size() > options.few_values) return false;
    if (place > 0 && announces_a_name(family.tokens[place - 1])) return false;
    const std::size_t key = common_key(values).size();
    return std::none_of(values.begin(), values.end(), [&](const std::string& value) {
      const std::string_view rest = std::string_view(value).substr(key);
      return rest.find(parameter) != std::string_view::npos && rest.size() <= 1 + 2;  // the parameter and a stop or two
    });
  }

  // The shape's template: the family's tokens, with its own words where they tell templates apart.
  [[nodiscard]] std::string template_of(const Shape& shape) const {
    const Family& family = families.at(shape.family);
    const std::vector<std::string_view> tokens = tokens_of(shape.text);
    std::string text;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (i > 0) text += ' ';
      text += tells_apart(family, i) ? tokens[i] : std::string_view(family.tokens[i]);
    }
    return text;
  }

  [[nodiscard]] std::vector<LogTemplate> templates() const {
    std::vector<const Shape*> in_order;
    in_order.reserve(shapes.size());
    for (const auto& [hash, shape] : shapes) in_order.push_back(&shape);
    std::sort(in_order.begin(), in_order.end(), [](const Shape* a, const Shape* b) { return a->id < b->id; });

    std::vector<LogTemplate> result;
    std::map<std::pair<std::uint64_t, std::string>, std::size_t> known;  // family, template
    for (const Shape* shape : in_order) {
      std::string text = template_of(*shape);
      const auto [at, fresh] = known.emplace(std::make_pair(shape->family, text), result.size());
      if (fresh) result.push_back({classify::shown(text), 0, shape->example, {}});
      result[at->second].count += shape->count;
      result[at->second].shapes.push_back(shape->id);
    }
    std::stable_sort(result.begin(), result.end(),
                     [](const LogTemplate& a, const LogTemplate& b) { return a.count > b.count; });
    return result;
  }

  const TemplateOptions options;
  classify::ShapeReader reader;
  std::unordered_map<std::uint64_t, Shape> shapes;  // by hash of their text
  std::unordered_map<std::uint64_t, Family> families;
  std::map<std::size_t, std::vector<std::uint64_t>> by_length;
  std::uint64_t clock = 0;
  std::uint64_t next_shape = 0;
  std::uint64_t next_family = 0;
};

TemplateMiner::TemplateMiner(const TemplateOptions& options) : impl_(std::make_unique<Impl>(options)) {}
TemplateMiner::TemplateMiner(TemplateMiner&&) noexcept = default;
TemplateMiner& TemplateMiner::operator=(TemplateMiner&&) noexcept = default;
TemplateMiner::~TemplateMiner() = default;

std::uint64_t TemplateMiner::add(std::string_view line) {
  return impl_->add(line);
}
std::vector<LogTemplate> TemplateMiner::templates() const {
  return impl_->templates();
}

std::string masked_line(std::string_view line) {
  classify::ShapeReader reader;
  return classify::shown(reader.read(line));
}

}  // namespace jobmedic
