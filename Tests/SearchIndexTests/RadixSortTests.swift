import Numerics
import Testing

@testable import SearchIndex

@Suite struct RadixSortTests {
    @Test(arguments: [0, 1, 2, 100, 4095, 4096, 20_000]) func `pairs stand as a sort by comparison puts them`(
        count: Int
    ) {
        var random = SeededGenerator(seed: UInt64(count))
        // Some keys are the same, and some differ in their highest bits alone.
        var keys = (0..<count).map { _ in
            switch Int.random(in: 0..<4, using: &random) {
            case 0: UInt64.random(in: 0..<50, using: &random)
            case 1: UInt64.random(in: 0..<4, using: &random) << 62
            default: UInt64.random(in: 0 ... .max, using: &random)
            }
        }
        var values = (0..<count).map { _ in UInt32.random(in: 0..<1000, using: &random) }
        let expected = zip(keys, values).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        RadixSort.sort(&keys, &values)
        #expect(keys == expected.map(\.0))
        #expect(values == expected.map(\.1))
    }
}
