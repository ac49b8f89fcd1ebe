public import Domain
import Storage
import Synchronization

/// Events of the last hour by minute and the latency of searches, in bounded memory.
public final class LiveCounters: Sendable {
    public struct Minute: Sendable {
        public var minute: Timestamp
        public var count = 0
        public var byName: [EventName: Int] = [:]
    }

    private struct State {
        var minutes: [Int64: Minute] = [:]
        var searches = 0
        var histogram = LatencyHistogram()
        var seconds = [Int](repeating: 0, count: 60)
        var stamps = [Int64](repeating: -1, count: 60)
    }

    private let state = Mutex(State())

    public init() {}

    func count(_ events: [Event], at now: Timestamp) {
        let minute = now.milliseconds / 60_000
        state.withLock { state in
            var entry = state.minutes[minute] ?? Minute(minute: Timestamp(milliseconds: minute * 60_000))
            entry.count += events.count
            for event in events { entry.byName[event.name, default: 0] += 1 }
            state.minutes[minute] = entry
            if state.minutes.count > 90 { state.minutes = state.minutes.filter { $0.key > minute - 60 } }
        }
    }

    /// Adds what the log says of the time before the start.
    func seed(_ logged: [LoggedMinute]) {
        state.withLock { state in
            for entry in logged {
                let minute = entry.minute.milliseconds / 60_000
                var known = state.minutes[minute] ?? Minute(minute: entry.minute)
                known.count += entry.count
                known.byName[entry.name, default: 0] += entry.count
                state.minutes[minute] = known
            }
        }
    }

    /// Counts one request of any kind.
    public func request(milliseconds: Double, isSearch: Bool, at now: Timestamp) {
        let second = now.milliseconds / 1000
        let slot = Int(second % 60)
        state.withLock { state in
            if isSearch { state.searches += 1 }
            state.histogram.add(milliseconds: milliseconds)
            if state.stamps[slot] != second { (state.stamps[slot], state.seconds[slot]) = (second, 0) }
            state.seconds[slot] += 1
        }
    }

    /// The last 60 minutes, oldest first, quiet ones included.
    public func minutes(at now: Timestamp) -> [Minute] {
        let last = now.milliseconds / 60_000
        return state.withLock { state in
            ((last - 59)...last).map {
                state.minutes[$0] ?? Minute(minute: Timestamp(milliseconds: $0 * 60_000))
            }
        }
    }

    public var searches: Int { state.withLock { $0.searches } }

    /// Over the last ten whole seconds.
    public func requestsPerSecond(at now: Timestamp) -> Double {
        let second = now.milliseconds / 1000
        return state.withLock { state in
            let recent = (1...10).reduce(0) { sum, ago in
                let slot = Int((second - Int64(ago)) % 60)
                return sum + (state.stamps[slot] == second - Int64(ago) ? state.seconds[slot] : 0)
            }
            return Double(recent) / 10
        }
    }

    public var latency: LatencyHistogram { state.withLock { $0.histogram } }
}

/// Counts of latencies in buckets that grow by a quarter of an octave, from 0.05 milliseconds.
public struct LatencyHistogram: Sendable {
    /// Upper bounds in milliseconds.
    public static let bounds: [Double] = (0..<72).map { 0.05 * pow2(Double($0) / 4) }
    public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    public private(set) var sumMilliseconds = 0.0
    public private(set) var count = 0

    public init() {}

    public mutating func add(milliseconds: Double) {
        var (low, high) = (0, Self.bounds.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.bounds[middle] < milliseconds { low = middle + 1 } else { high = middle }
        }
        counts[low] += 1
        count += 1
        sumMilliseconds += milliseconds
    }

    /// The upper bound of the bucket that holds the quantile; 0 without data.
    public func quantile(_ share: Double) -> Double {
        guard count > 0 else { return 0 }
        var rest = Int((Double(count) * share).rounded(.up))
        for (index, value) in counts.enumerated() {
            rest -= value
            if rest <= 0 { return Self.bounds[min(index, Self.bounds.count - 1)] }
        }
        return Self.bounds[Self.bounds.count - 1]
    }

    /// Two to a power of a quarter's multiple, without a mathematics library.
    private static func pow2(_ exponent: Double) -> Double {
        let whole = Int(exponent)
        let quarter = Int((exponent - Double(whole)) * 4)
        let root = 2.0.squareRoot()
        let parts = [1, root.squareRoot(), root, root * root.squareRoot()]
        return Double(1 << whole) * parts[quarter]
    }
}
