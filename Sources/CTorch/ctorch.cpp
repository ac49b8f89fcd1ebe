#include "ctorch.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/empty.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <malloc.h>

#include <cstdlib>
#include <cstring>

static at::Tensor &in(ct_tensor *tensor) { return *reinterpret_cast<at::Tensor *>(tensor); }
static const at::Tensor &in(const ct_tensor *tensor) { return *reinterpret_cast<const at::Tensor *>(tensor); }
static ct_tensor *out(at::Tensor tensor) { return reinterpret_cast<ct_tensor *>(new at::Tensor(std::move(tensor))); }

template <class Body> static char *guarded(Body body) {
  try {
    body();
    return nullptr;
  } catch (const c10::Error &error) {
    return strdup(error.what_without_backtrace());
  } catch (const std::exception &error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("an unknown C++ exception");
  }
}

static c10::IValue value(const ct_argument &argument, const int64_t *integers, ct_tensor *const *tensors) {
  switch (argument.kind) {
  case CT_TENSOR: return in(tensors[argument.integer]);
  case CT_INTEGER: return argument.integer;
  case CT_NUMBER: return argument.number;
  case CT_FLAG: return argument.integer != 0;
  case CT_INTEGERS: return std::vector<int64_t>(integers + argument.integer, integers + argument.integer + argument.count);
  case CT_GENERATOR: return *reinterpret_cast<const at::Generator *>(argument.generator);
  case CT_TENSORS: {
    c10::List<at::Tensor> list;
    for (int64_t index = 0; index < argument.count; ++index) list.push_back(in(tensors[argument.integer + index]));
    return list;
  }
  default: return c10::IValue();
  }
}

char *ct_call(const char *name, const char *overload, const ct_argument *arguments, int64_t argument_count,
              const int64_t *integers, ct_tensor *const *tensors, ct_tensor **results, int64_t capacity,
              int64_t *result_count) {
  return guarded([&] {
    auto operation = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    const auto &wanted = operation.schema().arguments();
    TORCH_CHECK(argument_count <= static_cast<int64_t>(wanted.size()), "too many arguments for ", operation.schema());
    c10::Stack stack;
    for (int64_t index = 0; index < argument_count; ++index)
      stack.push_back(value(arguments[index], integers, tensors));
    for (size_t index = argument_count; index < wanted.size(); ++index) {
      TORCH_CHECK(wanted[index].default_value(), "argument ", wanted[index].name(), " is missing");
      stack.push_back(*wanted[index].default_value());
    }
    operation.callBoxed(&stack);
    TORCH_CHECK(static_cast<int64_t>(stack.size()) <= capacity, "more results than expected");
    for (const auto &result : stack) TORCH_CHECK(result.isTensor(), "a result is no tensor");
    for (size_t index = 0; index < stack.size(); ++index) results[index] = out(stack[index].toTensor());
    *result_count = static_cast<int64_t>(stack.size());
  });
}

char *ct_make(const void *bytes, int64_t byte_count, const int64_t *shape, int64_t rank, int32_t type,
              const char *device, ct_tensor **result) {
  return guarded([&] {
    auto tensor = at::empty(c10::IntArrayRef(shape, rank), at::TensorOptions(static_cast<c10::ScalarType>(type)));
    TORCH_CHECK(static_cast<int64_t>(tensor.nbytes()) == byte_count, "the shape needs ", tensor.nbytes(), " bytes, not ",
                byte_count);
    if (byte_count > 0) std::memcpy(tensor.data_ptr(), bytes, byte_count);
    *result = out(tensor.to(c10::Device(device)));
  });
}

char *ct_read(const ct_tensor *tensor, void *bytes, int64_t byte_count) {
  return guarded([&] {
    auto plain = in(tensor).detach().to(c10::kCPU).contiguous();
    TORCH_CHECK(static_cast<int64_t>(plain.nbytes()) == byte_count, "the tensor has ", plain.nbytes(), " bytes, not ",
                byte_count);
    if (byte_count > 0) std::memcpy(bytes, plain.data_ptr(), byte_count);
  });
}

float *ct_floats(ct_tensor *tensor) {
  const auto &numbers = in(tensor);
  bool isPlain = numbers.device().is_cpu() && numbers.is_contiguous() && numbers.scalar_type() == at::kFloat;
  return isPlain ? static_cast<float *>(numbers.data_ptr()) : nullptr;
}

void ct_free(ct_tensor *tensor) { delete reinterpret_cast<at::Tensor *>(tensor); }

ct_tensor *ct_share(const ct_tensor *tensor) { return out(in(tensor)); }

int64_t ct_rank(const ct_tensor *tensor) { return in(tensor).dim(); }
int64_t ct_size(const ct_tensor *tensor, int64_t axis) { return in(tensor).sizes()[axis]; }
int32_t ct_type(const ct_tensor *tensor) { return static_cast<int32_t>(in(tensor).scalar_type()); }

char *ct_require_gradient(ct_tensor *tensor, bool required) {
  return guarded([&] { in(tensor).set_requires_grad(required); });
}

char *ct_backward(const ct_tensor *tensor) {
  return guarded([&] { in(tensor).backward(); });
}

char *ct_gradient(const ct_tensor *tensor, ct_tensor **result) {
  return guarded([&] {
    const auto &gradient = in(tensor).grad();
    *result = gradient.defined() ? out(gradient) : nullptr;
  });
}

char *ct_clear_gradient(ct_tensor *tensor) {
  return guarded([&] { in(tensor).mutable_grad() = at::Tensor(); });
}

namespace {
struct Derivative : torch::autograd::Node {
  ct_derivative body;
  void (*release)(void *);
  void *context;

  Derivative(ct_derivative body, void (*release)(void *), void *context)
      : body(body), release(release), context(context) {}
  ~Derivative() override { release(context); }

  torch::autograd::variable_list apply(torch::autograd::variable_list &&slopes) override {
    torch::autograd::variable_list results(num_outputs());
    if (!slopes[0].defined()) return results;
    std::vector<ct_tensor *> given(num_outputs(), nullptr);
    char *problem = body(context, out(std::move(slopes[0])), given.data());
    for (size_t index = 0; index < given.size(); ++index) {
      if (!given[index]) continue;
      results[index] = in(given[index]);
      ct_free(given[index]);
    }
    std::string reason = problem ? problem : "";
    free(problem);
    TORCH_CHECK(!problem, reason);
    return results;
  }
};
} // namespace

char *ct_set_derivative(ct_tensor *result, ct_tensor *const *inputs, int64_t count, ct_derivative derivative,
                        void (*release)(void *), void *context) {
  // Owns the context from here on, whatever fails.
  std::shared_ptr<Derivative> node(new Derivative(derivative, release, context), torch::autograd::deleteNode);
  return guarded([&] {
    std::vector<at::Tensor> all;
    for (int64_t index = 0; index < count; ++index) all.push_back(in(inputs[index]));
    bool isWanted = false;
    for (const auto &tensor : all) isWanted = isWanted || tensor.requires_grad();
    if (!isWanted || !c10::GradMode::is_enabled()) return;
    node->set_next_edges(torch::autograd::collect_next_edges(all));
    torch::autograd::create_gradient_edge(in(result), node);
  });
}

char *ct_make_generator(const char *device, ct_generator **result) {
  return guarded([&] {
    auto generator = at::globalContext().defaultGenerator(c10::Device(device)).clone();
    *result = reinterpret_cast<ct_generator *>(new at::Generator(std::move(generator)));
  });
}

char *ct_seed(ct_generator *generator, uint64_t seed) {
  return guarded([&] { reinterpret_cast<at::Generator *>(generator)->set_current_seed(seed); });
}

void ct_free_generator(ct_generator *generator) { delete reinterpret_cast<at::Generator *>(generator); }

void ct_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

char *ct_set_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

int32_t ct_threads(void) { return at::get_num_threads(); }

bool ct_set_recording(bool recording) {
  bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(recording);
  return before;
}
