import Foundation

/// Measures time on the clock, and on all processors together.
struct Stopwatch {
    struct Time {
        var wall = 0.0
        var processor = 0.0

        static func + (left: Time, right: Time) -> Time {
            Time(wall: left.wall + right.wall, processor: left.processor + right.processor)
        }
        static func += (left: inout Time, right: Time) { left = left + right }
    }

    private let began = Self.now

    var spent: Time {
        let now = Self.now
        return Time(wall: now.wall - began.wall, processor: now.processor - began.processor)
    }

    private static var now: Time { Time(wall: seconds(CLOCK_MONOTONIC), processor: seconds(CLOCK_PROCESS_CPUTIME_ID)) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
