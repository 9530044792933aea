// jobmedic config list: the patches a store keeps. There may be a million: what is told is not kept in memory.
#include "cli/config_list_command.hpp"

#include <fmt/format.h>

#include <limits>

#include "cli/arguments.hpp"
#include "cli/config_page.hpp"
#include "cli/output.hpp"
#include "cli/script_output.hpp"
#include "json/value.hpp"

namespace jobmedic::cli {
namespace {

constexpr std::size_t page_length = 100;
constexpr std::size_t written_at_once = 1 << 16;

struct Options {
  std::string store;
  std::string after;
  std::optional<std::size_t> limit;
};

// What goes to standard output, in large pieces.
class Text {
 public:
  void add(std::string_view more) {
    text_ += more;
    if (text_.size() >= written_at_once) flush();
  }
  void flush() {
    print(text_);
    text_.clear();
  }

 private:
  std::string text_;
};

struct Told {
  std::size_t shown = 0;
  std::size_t more = 0;
  std::string last;
};

// One pass, in short transactions.
Told each_listed(const Store& store, const Options& options, std::size_t limit,
                 const std::function<void(const StoredPatch&)>& tell) {
  if (!options.after.empty() && !store.patch(options.after)) {
    throw Error(Status::invalid_argument,
                fmt::format("{} has no patch \"{}\" to go on after", store.url(), options.after));
  }
  Told told;
  bool reached = options.after.empty();
  store.each_patch([&](const StoredPatch& patch) {
    if (!reached) {
      reached = patch.id == options.after;
    } else if (told.shown == limit) {
      ++told.more;
    } else {
      tell(patch);
      ++told.shown;
      told.last = patch.id;
    }
  });
  return told;
}

void list_documents(const Store& store, const Options& options) {
  Text text;
  const Automation automation = store.automation();
  text.add(R"({"schema":"jobmedic.patches/1","patches":[)");
  bool first = true;
  const std::size_t limit = options.limit.value_or(std::numeric_limits<std::size_t>::max());
  const Told told = each_listed(store, options, limit, [&](const StoredPatch& patch) {
    if (!first) text.add(",");
    first = false;
    text.add(SecretMask().mask_json(patch.to_json()));
  });
  text.add("]");
  if (told.more > 0) text.add(fmt::format(R"(,"more":{})", told.more));
  if (automation.stopped) text.add(R"(,"stopped":)" + automation.to_json());
  text.add("}\n");
  text.flush();
}

void list_page(const Store& store, const Options& options) {
  Text text;
  text.add(automation_line(store.automation()));
  const Told told = each_listed(store, options, options.limit.value_or(page_length),
                                [&](const StoredPatch& patch) { text.add(patch_entry(patch)); });
  if (told.more > 0) {
    text.add(fmt::format("and {} more{}\n", told.more, told.last.empty() ? "" : ": --after " + told.last));
  } else if (told.shown == 0) {
    text.add(options.after.empty() ? "no patches\n" : "no more patches\n");
  }
  text.flush();
}

}  // namespace

void add_config_list_command(CLI::App& config, Session& session) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = session.command(config, "list", "The patches in a store, the oldest first.",
                                      "jobmedic config list --store sqlite:jobmedic.db\n"
                                      "  jobmedic config list --store sqlite:jobmedic.db --after p-00000100");
  add_store(command, options->store);
  command
      ->add_option("--limit", options->limit,
                   fmt::format("at most so many (default: {} on the page, all as JSON)", page_length))
      ->type_name("N");
  command->add_option("--after", options->after, "go on after this patch")->type_name("ID");
  session.on(command, [options, command] {
    const auto store = existing_store(options->store, true);
    format_of(command) == "json" ? list_documents(*store, *options) : list_page(*store, *options);
  });
}

}  // namespace jobmedic::cli
