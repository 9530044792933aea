#include "recommend/model/module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <exception>
#include <fstream>
#include <mutex>
#include <system_error>
#include <vector>

#include "core/text.hpp"
#include "jobmedic/error.hpp"
#include "jobmedic/model.hpp"

namespace jobmedic::model {
namespace {

constexpr const char* file_name = "libjobmedic_torch.so";

// What was loaded. A module exists once per process, so this is the one thing here that is not passed in.
struct Loaded {
  std::mutex loading;
  jobmedic_torch_api api = {};
  std::atomic<pid_t> process = 0;  // the one that loaded it; 0: nobody yet
};
Loaded& loaded() {
  static Loaded instance;
  return instance;
}

// The folder of the library or program that contains this code.
std::filesystem::path own_folder() {
  Dl_info info = {};
  if (dladdr(reinterpret_cast<const void*>(&own_folder), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  std::filesystem::path file = std::filesystem::canonical(info.dli_fname, ignored);
  if (file.empty()) file = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return file.parent_path();
}

std::vector<std::filesystem::path> places(const std::filesystem::path& configured) {
  if (!configured.empty()) {
    const bool folder = std::filesystem::is_directory(configured);
    return {folder ? configured / file_name : configured};
  }
  const std::filesystem::path here = own_folder();
  const std::filesystem::path library = (here / ".." / "lib").lexically_normal();
  return {here / file_name, library / file_name, library / "jobmedic" / file_name, here / "jobmedic" / file_name};
}

// Two libtorch in one process abort or crash: where one is mapped that we did not load, ours stays out.
std::string other_libtorch() {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto slash = line.find('/');
    if (slash == std::string::npos) continue;
    std::string path = line.substr(slash);
    const std::string name = path.substr(path.rfind('/') + 1);
    if (name.starts_with("libtorch_cpu")) return path;
  }
  return {};
}

// A struct that host and module lay out differently would crash the host. The first modules say nothing.
bool is_of_this_version(const void* built_with) {
  const jobmedic_torch_interface ours = JOBMEDIC_TORCH_INTERFACE;
  return built_with != nullptr && std::memcmp(built_with, &ours, sizeof ours) == 0;
}

std::string open_module(const std::filesystem::path& path, jobmedic_torch_api& api) {
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return one_line(dlerror());
  const auto fill_api = reinterpret_cast<jobmedic_torch_fill_api_function>(dlsym(handle, JOBMEDIC_TORCH_FILL_API));
  if (fill_api == nullptr || !is_of_this_version(dlsym(handle, JOBMEDIC_TORCH_BUILT_WITH))) {
    return fmt::format("{} is no module of this version of jobmedic: build or install the two together", path.string());
  }
  jobmedic_torch_error error = {};
  if (fill_api(&api, &error) != 0) return fmt::format("{}: {}", path.string(), error.message);
  return {};
}

// The caller's progress function may throw; its exception waits here until the module has returned.
struct ProgressCall {
  const EpochProgress& progress;
  std::exception_ptr thrown;

  static std::int32_t tell(void* user, std::uint32_t epoch, float loss) {
    auto& self = *static_cast<ProgressCall*>(user);
    try {
      self.progress(epoch, loss);
      return 0;
    } catch (...) {
      self.thrown = std::current_exception();
      return 1;
    }
  }
};

}  // namespace

const jobmedic_torch_api* torch_module() noexcept {
  Loaded& module = loaded();
  const pid_t process = module.process.load(std::memory_order_acquire);
  return process != 0 && process == getpid() ? &module.api : nullptr;
}

bool torch_was_forked() noexcept {
  const pid_t process = loaded().process.load(std::memory_order_acquire);
  return process != 0 && process != getpid();
}

std::string load_torch_module(const std::filesystem::path& path) {
  if (torch_was_forked()) return "libtorch was loaded before this process was forked; the built-in pass serves here";
  Loaded& module = loaded();
  const std::lock_guard lock(module.loading);
  if (torch_module() != nullptr) return {};
  if (const std::string other = other_libtorch(); !other.empty()) {
    return fmt::format("another libtorch is loaded in this process ({}), and two crash each other", other);
  }
  std::vector<std::string> tried;
  for (const std::filesystem::path& place : places(path)) {
    tried.push_back(place.string());
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    std::string problem = open_module(place, module.api);
    if (problem.empty()) module.process.store(getpid(), std::memory_order_release);
    return problem;
  }
  return fmt::format("no {} at {}", file_name, join(tried, ", "));
}

void train_by(const jobmedic_torch_api& torch, const jobmedic_torch_shape& shape, const jobmedic_torch_batch& batch,
              const jobmedic_torch_labels& labels, jobmedic_torch_training training, const EpochProgress& progress,
              std::vector<float>& weights) {
  ProgressCall call{progress, nullptr};
  training.progress = progress ? &ProgressCall::tell : nullptr;
  training.user = &call;
  jobmedic_torch_error error = {};
  const std::int32_t status = torch.train(&shape, &batch, &labels, &training, weights.data(), weights.size(), &error);
  if (call.thrown) std::rethrow_exception(call.thrown);
  if (status != 0) throw Error(Status::model, fmt::format("training: {}", error.message));
}

}  // namespace jobmedic::model

namespace jobmedic {
std::string load_torch(const std::filesystem::path& path) {
  return model::load_torch_module(path);
}
}  // namespace jobmedic
