// The "frames" of a jobmedic.rules/1 document, and the "parts" that their regexes are put together from.
#include <fmt/format.h>

#include "classify/frames.hpp"
#include "classify/regex.hpp"
#include "classify/rule_document.hpp"
#include "core/text.hpp"
#include "json/reader.hpp"

namespace jobmedic::classify {
namespace {

constexpr std::size_t longest_regex = std::size_t{64} * 1024;

class FrameReader {
 public:
  explicit FrameReader(bool check_regexes) : check_regexes_(check_regexes) {}

  Frames read(const json::Reader& document) {
    if (const auto parts = document.find("parts")) {
      for (const auto& [name, part] : parts->members()) parts_[name] = expanded_regex(part);
    }
    Frames frames;
    if (const auto members = document.find("frames")) {
      for (const auto& [name, frame] : members->members()) frames[name] = alternatives(frame, frames);
    }
    return frames;
  }

 private:
  // A name stands for one regex or for alternatives: {"failure": "REGEX"} or {"failure": [{"log", "regex", "except",
  // "weaker"}]}. {"frame": NAME} among them stands for those of an earlier frame of the document.
  std::vector<Frame> alternatives(const json::Reader& in, const Frames& earlier) const {
    if (in.value().as<std::string>() != nullptr) return {{"*", regex(in), "", false}};
    std::vector<Frame> frames;
    for (const json::Reader& item : in.items()) {
      if (const auto name = item.find("frame")) {
        const auto found = earlier.find(name->string());
        if (found == earlier.end()) name->expected("the name of an earlier frame");
        frames.insert(frames.end(), found->second.get().begin(), found->second.get().end());
        continue;
      }
      const auto except = item.find("except");
      frames.push_back({item.string_or("log", "*"), regex(item.at("regex")), except ? regex(*except) : "",
                        item.boolean_or("weaker", false)});
    }
    if (frames.empty()) in.expected("a regex or at least one alternative");
    return frames;
  }

  std::string regex(const json::Reader& in) const { return checked(in, expanded_regex(in)); }

  std::string expanded_regex(const json::Reader& in) const {
    std::vector<std::string> regexes;
    for (const json::Reader& item : alternatives_in(in)) regexes.push_back(expanded(item));
    return join(regexes, "|");
  }

  // With {{NAME}} replaced by the part of that name.
  std::string expanded(const json::Reader& in) const {
    std::string_view rest = in.string();
    std::string text;
    while (true) {
      const std::size_t begin = rest.find("{{");
      text += rest.substr(0, begin);
      if (begin == std::string_view::npos) return text;
      const std::size_t end = rest.find("}}", begin);
      const std::string_view name = rest.substr(begin + 2, end == std::string_view::npos ? end : end - begin - 2);
      const auto part = parts_.find(name);
      if (part == parts_.end()) in.fail(fmt::format("{{{{{}}}}}: there is no such part before this", name));
      text += part->second;
      if (text.size() > longest_regex) in.fail("is longer than 64 KiB with its parts");
      rest.remove_prefix(end + 2);
    }
  }

  std::string checked(const json::Reader& in, std::string regex) const {
    if (!check_regexes_) return regex;
    try {
      if (Regex(regex, "", false).groups() != 0) in.fail("a frame has no capturing groups: write (?:...)");
    } catch (const RegexError& error) {
      in.fail(fmt::format("column {}: {}", error.column, error.what()));
    }
    return regex;
  }

  bool check_regexes_;
  std::map<std::string, std::string, std::less<>> parts_;
};

}  // namespace

std::vector<json::Reader> alternatives_in(const json::Reader& regex) {
  if (regex.value().as<std::string>() != nullptr) return {regex};
  std::vector<json::Reader> items;
  if (regex.value().as<json::Array>() != nullptr) items = regex.items();
  if (items.empty()) regex.expected("a regex or a list of them");
  return items;
}

Frames read_frames(const json::Reader& document, bool check_regexes) {
  return FrameReader(check_regexes).read(document);
}

}  // namespace jobmedic::classify
