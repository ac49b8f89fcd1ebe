import Domain
import Serving
import Storage
import Synchronization

/// Counts of requests for Prometheus, by route and class of status.
final class RequestMetrics: Sendable {
    private struct State {
        var counts: [String: [Int: Int]] = [:]
        var latency: [String: LatencyHistogram] = [:]
    }

    private let state = Mutex(State())

    func add(route: String, status: Int, milliseconds: Double) {
        state.withLock { state in
            state.counts[route, default: [:]][status, default: 0] += 1
            state.latency[route, default: LatencyHistogram()].add(milliseconds: milliseconds)
        }
    }

    /// The text of Prometheus' exposition format 0.0.4.
    func text(shops: [HostedShop]) -> String {
        let state = state.withLock { $0 }
        var lines = ["# TYPE souk_http_requests_total counter"]
        for (route, counts) in state.counts.sorted(by: { $0.key < $1.key }) {
            for (status, count) in counts.sorted(by: { $0.key < $1.key }) {
                lines.append("souk_http_requests_total{route=\"\(route)\",status=\"\(status)\"} \(count)")
            }
        }
        lines.append("# TYPE souk_http_request_duration_seconds histogram")
        for (route, histogram) in state.latency.sorted(by: { $0.key < $1.key }) {
            lines += Self.histogram("souk_http_request_duration_seconds", route, histogram)
        }
        lines.append("# TYPE souk_generation gauge")
        for shop in shops { lines.append("souk_generation{shop=\"\(shop.service.shop)\"} \(shop.service.generation)") }
        lines.append("# TYPE souk_events gauge")
        for shop in shops {
            // A store that cannot count now leaves the sample out.
            guard let count = try? shop.service.store.eventCount() else { continue }  // See above.
            lines.append("souk_events{shop=\"\(shop.service.shop)\"} \(count)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func histogram(_ name: String, _ route: String, _ histogram: LatencyHistogram) -> [String] {
        var lines: [String] = []
        var sum = 0
        for (index, bound) in LatencyHistogram.bounds.enumerated() {
            sum += histogram.counts[index]
            guard index % 4 == 3, index < 60 else { continue }
            lines.append("\(name)_bucket{route=\"\(route)\",le=\"\(bound / 1000)\"} \(sum)")
        }
        lines.append("\(name)_bucket{route=\"\(route)\",le=\"+Inf\"} \(histogram.count)")
        lines.append("\(name)_sum{route=\"\(route)\"} \(histogram.sumMilliseconds / 1000)")
        lines.append("\(name)_count{route=\"\(route)\"} \(histogram.count)")
        return lines
    }
}
