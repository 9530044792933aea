#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "jobmedic/model.hpp"

namespace jobmedic {

/// A model that counts how often it is asked, so that anyone can see when it was not.
class CountedModel final : public Model {
 public:
  CountedModel(std::shared_ptr<const Model> inner, std::atomic<std::uint64_t>& asked)
      : inner_(std::move(inner)), asked_(asked) {}

  [[nodiscard]] std::vector<Prediction> predict(const Attempt& failed, const Classification& verdict,
                                                const Space& space, std::span<const Point> candidates,
                                                std::span<const Attempt> past) const override {
    ++asked_;
    return inner_->predict(failed, verdict, space, candidates, past);
  }
  [[nodiscard]] bool learned(std::string_view parameter) const override { return inner_->learned(parameter); }
  [[nodiscard]] const std::string& version() const noexcept override { return inner_->version(); }
  [[nodiscard]] std::string_view served_by() const noexcept override { return inner_->served_by(); }

 private:
  std::shared_ptr<const Model> inner_;
  std::atomic<std::uint64_t>& asked_;  // the engine's, which outlives every call
};

}  // namespace jobmedic
