#include "classify/secrets/finder.hpp"

#include <algorithm>

#include "core/glob.hpp"

namespace jobmedic::secrets {
namespace {

// A longer value of a setting is a secret whatever it looks like; so what was read of it need not be read again for a
// setting inside.
constexpr std::size_t longest_harmless = 512;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool ends_value(char c) {
  return static_cast<unsigned char>(c) <= ' ' || std::string_view("\"'`,;<>").find(c) != std::string_view::npos;
}

std::string whole(const std::string& regex) {
  return "\\A(?:" + regex + ")\\z";
}

std::string joined(const std::vector<std::string>& regexes) {
  std::string all;
  for (const std::string& regex : regexes) all += (all.empty() ? "(?:" : "|(?:") + regex + ")";
  return all.empty() ? "" : whole(all);
}

// Disjoint and in order; two that touch stay two, so that masking what is masked finds the same.
std::vector<SecretSpan> merged(std::vector<SecretSpan> spans) {
  std::sort(spans.begin(), spans.end(), [](const SecretSpan& a, const SecretSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::vector<SecretSpan> merged;
  for (const SecretSpan& span : spans) {
    if (!merged.empty() && span.begin < merged.back().end) {
      merged.back().end = std::max(merged.back().end, span.end);
    } else {
      merged.push_back(span);
    }
  }
  return merged;
}

}  // namespace

// One text being searched.
class Finder::Search {
 public:
  Search(const Finder& finder, std::string_view text) : finder_(finder), text_(text) {}

  std::vector<SecretSpan> run() && {
    finder_.literals_->each(text_, [this](std::size_t literal, std::size_t end) {
      const Literal& about = finder_.about_literal_[literal];
      if (about.shape) {
        try_shape(about, end);
      } else {
        try_setting(about, end);
      }
    });
    return merged(std::move(spans_));
  }

 private:
  classify::RegexWorkspace& workspace() {
    if (!workspace_) workspace_.emplace();
    return *workspace_;
  }

  void try_shape(const Literal& about, std::size_t end) {
    const Shape& shape = finder_.patterns_.shapes[about.pattern];
    const std::size_t begin = end - about.size;
    const bool caseless = shape.flags.find('i') != std::string::npos;
    if (!caseless && text_.substr(begin, about.size) != about.text) return;
    if (!shape.within && begin > 0 && is_word(text_[begin]) && is_word(text_[begin - 1])) return;
    if (const auto found = match_at(finder_.then_[about.pattern], text_, end, workspace())) add(*found, shape.name);
  }

  void try_setting(const Literal& about, std::size_t end) {
    const auto key = key_around(text_, end - about.size, end);
    if (!key) return;
    const Setting& setting = finder_.patterns_.settings[about.pattern];
    if (!finder_.is_key(setting, lower(text_.substr(key->begin, key->end - key->begin)))) return;
    // Inside of a value only what reaches beyond it is of interest; this also keeps "password=password=..." linear.
    const auto found =
        key->end < covered_ ? quoted_value_of(text_, *key, workspace()) : value_of(text_, *key, workspace());
    if (!found) return;
    const std::string_view value = text_.substr(found->begin, found->end - found->begin);
    if (finder_.is_secret_value(about.pattern, value, workspace())) add(*found, setting.name);
  }

  void add(Found found, std::string_view what) {
    if (found.cut) {
      found.end = std::max(found.end, covered_);
      while (found.end < text_.size() && !ends_value(text_[found.end])) ++found.end;
    }
    if (text_.substr(found.begin, found.end - found.begin) == secret_mask) return;
    spans_.push_back({found.begin, found.end, what});
    covered_ = std::max(covered_, found.end);
  }

  const Finder& finder_;
  std::string_view text_;
  std::optional<classify::RegexWorkspace> workspace_;  // only where something looks like a secret
  std::vector<SecretSpan> spans_;
  std::size_t covered_ = 0;  // the furthest end of a span
};

Finder::Finder(Patterns patterns) : patterns_(std::move(patterns)) {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < patterns_.settings.size(); ++i) {
    std::vector<std::string> needed;
    for (const std::string& key : patterns_.settings[i].keys) needed.push_back(longest_literal(key));
    std::sort(needed.begin(), needed.end());
    needed.erase(std::unique(needed.begin(), needed.end()), needed.end());
    for (const std::string& literal : needed) {
      literals.push_back(literal);
      about_literal_.push_back({false, i, literal.size(), {}});
    }
    const std::string& value = patterns_.settings[i].value;
    values_.emplace_back(value.empty() ? "" : whole(value), "");
  }
  for (std::size_t i = 0; i < patterns_.shapes.size(); ++i) {
    const Shape& shape = patterns_.shapes[i];
    for (const std::string& start : shape.starts) {
      literals.push_back(start);
      about_literal_.push_back({true, i, start.size(), start});
    }
    then_.emplace_back("\\A(?:" + shape.then + ")", shape.flags);
  }
  not_secrets_.emplace_back(joined(patterns_.not_secrets), "i");
  literals_.emplace(literals);
}

std::vector<SecretSpan> Finder::find(std::string_view text) const {
  return Search(*this, text).run();
}

bool Finder::is_key(const Setting& setting, std::string_view key) const {
  const auto names = [&](const std::string& glob) { return glob_matches(glob, key); };
  return std::any_of(setting.keys.begin(), setting.keys.end(), names) &&
         std::none_of(setting.except.begin(), setting.except.end(), names);
}

bool Finder::is_secret_value(std::size_t setting, std::string_view value, classify::RegexWorkspace& workspace) const {
  if (value.empty() || value == secret_mask) return false;
  if (value.size() > longest_harmless) return true;
  if (!patterns_.not_secrets.empty() && match_at(not_secrets_.front(), value, 0, workspace)) return false;
  if (patterns_.settings[setting].value.empty()) return true;
  return match_at(values_[setting], value, 0, workspace).has_value();
}

bool Finder::names_secret(std::string_view name, std::string_view value) const {
  const std::string key = lower(name);
  std::vector<std::size_t> named;
  literals_->each(name, [&](std::size_t literal, std::size_t) {
    const Literal& about = about_literal_[literal];
    if (!about.shape && is_key(patterns_.settings[about.pattern], key)) named.push_back(about.pattern);
  });
  if (named.empty()) return false;
  classify::RegexWorkspace workspace;
  return std::any_of(named.begin(), named.end(),
                     [&](std::size_t setting) { return is_secret_value(setting, value, workspace); });
}

}  // namespace jobmedic::secrets
