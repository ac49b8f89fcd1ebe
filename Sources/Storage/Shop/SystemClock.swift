public import Domain
internal import Glibc

/// The wall clock, in UTC.
public enum SystemClock {
    public static func now() -> Timestamp {
        var time = timespec()
        unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
