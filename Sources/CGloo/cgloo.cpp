#include "cgloo.h"

#include <gloo/allreduce.h>
#include <gloo/broadcast.h>
#include <gloo/context.h>
#include <gloo/math.h>
#include <gloo/transport/context.h>
#include <gloo/transport/device.h>
#include <gloo/transport/tcp/device.h>

#include <cstring>
#include <stdexcept>

namespace {

struct Slot {
  int64_t size;
  char bytes[gloo::transport::Address::kMaxByteSize];
};

struct Mesh : gloo::Context {
  Mesh(int rank, int count, const char *host, std::chrono::milliseconds timeout) : gloo::Context(rank, count) {
    device_ = gloo::transport::tcp::CreateDevice(gloo::transport::tcp::attr(host));
    transportContext_ = device_->createContext(rank, count);
    transportContext_->setTimeout(timeout);
    setTimeout(timeout);
    for (int other = 0; other < count; ++other)
      if (other != rank) transportContext_->createPair(other);
  }
};

template <class Body> char *guarded(Body body) {
  try {
    body();
    return nullptr;
  } catch (const std::exception &error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("an unknown C++ exception");
  }
}

} // namespace

struct cg_group {
  std::shared_ptr<Mesh> mesh;
};

int64_t cg_address_size(int32_t count) { return count * static_cast<int64_t>(sizeof(Slot)); }

char *cg_open(int32_t rank, int32_t count, const char *host, int64_t timeout, cg_group **result) {
  return guarded([&] {
    *result = new cg_group{std::make_shared<Mesh>(rank, count, host, std::chrono::milliseconds(timeout))};
  });
}

char *cg_address(const cg_group *group, void *bytes) {
  return guarded([&] {
    for (int other = 0; other < group->mesh->size; ++other) {
      Slot slot{};
      if (other != group->mesh->rank) {
        auto address = group->mesh->getPair(other)->address().bytes();
        if (address.size() > sizeof(slot.bytes)) throw std::length_error("an address is too long");
        slot.size = static_cast<int64_t>(address.size());
        std::memcpy(slot.bytes, address.data(), address.size());
      }
      std::memcpy(static_cast<char *>(bytes) + other * sizeof(Slot), &slot, sizeof(Slot));
    }
  });
}

char *cg_connect(cg_group *group, const void *addresses) {
  return guarded([&] {
    const int rank = group->mesh->rank, count = group->mesh->size;
    for (int other = 0; other < count; ++other) {
      if (other == rank) continue;
      Slot slot;
      std::memcpy(&slot, static_cast<const char *>(addresses) + (other * count + rank) * sizeof(Slot), sizeof(Slot));
      if (slot.size < 0 || slot.size > static_cast<int64_t>(sizeof(slot.bytes)))
        throw std::length_error("an address is damaged");
      group->mesh->getPair(other)->connect(std::vector<char>(slot.bytes, slot.bytes + slot.size));
    }
  });
}

void cg_close(cg_group *group) {
  char *problem = guarded([&] { group->mesh->closeConnections(); });
  free(problem);
  delete group;
}

char *cg_sum(cg_group *group, float *numbers, int64_t count, int64_t timeout) {
  return guarded([&] {
    gloo::AllreduceOptions options(group->mesh);
    options.setOutput(numbers, static_cast<size_t>(count));
    options.setReduceFunction(
        static_cast<void (*)(void *, const void *, const void *, size_t)>(&gloo::sum<float>));
    options.setTimeout(std::chrono::milliseconds(timeout));
    gloo::allreduce(options);
  });
}

char *cg_broadcast(cg_group *group, void *bytes, int64_t count, int32_t root, int64_t timeout) {
  return guarded([&] {
    gloo::BroadcastOptions options(group->mesh);
    options.setOutput(static_cast<char *>(bytes), static_cast<size_t>(count));
    options.setRoot(root);
    options.setTimeout(std::chrono::milliseconds(timeout));
    gloo::broadcast(options);
  });
}

bool cg_is_lost(cg_group *group, int32_t rank) {
  char *problem = guarded([&] {
    static char nothing = 0;
    // A closed connection refuses at once; an open one takes the byte, which nobody waits for.
    auto buffer = group->mesh->createUnboundBuffer(&nothing, 1);
    buffer->send(rank, UINT64_MAX, 0, 1);
  });
  bool isLost = problem != nullptr;
  free(problem);
  return isLost;
}
