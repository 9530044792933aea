// A process of its own for process_test.cpp: what serves a model here, under the conditions named on the command line?
// Prints one line per step.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <string_view>

#include "fixtures.hpp"
#include "jobmedic/model.hpp"

using namespace jobmedic;

namespace {

void show(const Model& model) {
  const auto prediction = model.predict(fixtures::attempt("job1", "r", 1, 512, false), fixtures::memory_failure(),
                                        fixtures::space(), std::vector<Point>{{1024, 2, 0.6, 0}}, {});
  std::cout << model.served_by() << " " << (prediction[0].failure_probability > 0 ? "answers" : "fails") << std::endl;
}

void load(const std::filesystem::path& module) {
  const std::string why = load_torch(module);
  std::cout << (why.empty() ? "loaded" : why) << std::endl;
}

int threads() {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) count += entry.exists() ? 1 : 0;
  return count;
}

void in_child(const Model& model) {
  const pid_t child = fork();
  if (child == 0) {
    show(model);
    load({});
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

}  // namespace

int main(int argc, char** argv) {
  const auto model = Model::parse(fixtures::random_weights(5).to_safetensors());
  for (int i = 1; i < argc; ++i) {
    const std::string_view step = argv[i];
    if (step == "load") {
      load({});
    } else if (step == "load-from") {
      load(argv[++i]);
    } else if (step == "dlopen") {
      std::cout << (dlopen(argv[++i], RTLD_NOW | RTLD_LOCAL) != nullptr ? "opened" : dlerror()) << std::endl;
    } else if (step == "predict") {
      show(*model);
    } else if (step == "fork") {
      in_child(*model);
    } else if (step == "threads") {
      std::cout << threads() << std::endl;
    }
  }
}
