#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "classify/database.hpp"
#include "classify/regex.hpp"
#include "jobmedic/classify.hpp"

namespace jobmedic::classify {

/// What one thread needs to scan.
struct Workspace {
  Scratch scratch;
  RegexWorkspace regex;
};

/// Rules ready to scan. Immutable to its users: workspaces are pooled and regexes compiled on first need inside.
class CompiledRules {
 public:
  CompiledRules(RuleSet rules, const ClassifierOptions& options);

  [[nodiscard]] const RuleSet& set() const { return set_; }
  [[nodiscard]] const std::vector<Rule>& rules() const { return set_.rules(); }
  [[nodiscard]] const Database& database() const { return database_; }
  [[nodiscard]] const Regex& regex(std::size_t rule) const;
  /// For each rule the rules named by its "unless".
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& unless() const { return unless_; }
  /// The most lines that any rule spans.
  [[nodiscard]] int lines() const { return lines_; }
  [[nodiscard]] const std::string& description() const { return description_; }
  [[nodiscard]] const SecretMask& secrets() const { return secrets_; }

  /// A workspace for as long as the handle lives.
  class Lease {
   public:
    explicit Lease(const CompiledRules& rules) : rules_(rules), workspace_(rules.take()) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { rules_.give_back(std::move(workspace_)); }
    [[nodiscard]] Workspace& operator*() const { return *workspace_; }

   private:
    const CompiledRules& rules_;
    std::unique_ptr<Workspace> workspace_;
  };

 private:
  struct LazyRegex {
    std::once_flag once;
    std::unique_ptr<const Regex> regex;
  };
  [[nodiscard]] std::unique_ptr<Workspace> take() const;
  void give_back(std::unique_ptr<Workspace> workspace) const noexcept;

  RuleSet set_;
  std::vector<std::vector<std::size_t>> unless_;
  int lines_ = 1;
  SecretMask secrets_;
  Database database_;
  std::string description_;
  Scratch scratch_;  // cloned for each workspace
  std::unique_ptr<LazyRegex[]> regexes_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Workspace>> idle_;
};

}  // namespace jobmedic::classify
