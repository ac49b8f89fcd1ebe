import Evaluation
import Testing

@Suite struct MeasuredCasesTests {
    @Test func `cases are read as they were written, and anything else is refused`() throws {
        let cases = MeasuredCases(
            figure: "accuracy", [(key: UInt64.max, value: 1), (key: 3, value: 0.5), (key: 3, value: 0)])
        #expect(cases.values == [UInt64.max: 1, 3: 0.5])
        #expect(try MeasuredCases(parsing: cases.encoded) == cases)
        let wrong = [
            "", "[]", #"{"format":2,"figure":"a","keys":[],"values":[]}"#,
            #"{"format":1,"figure":"a","keys":["1"],"values":[]}"#,
            #"{"format":1,"figure":"a","keys":["x"],"values":[1]}"#,
        ]
        for text in wrong { #expect(throws: (any Error).self) { try MeasuredCases(parsing: Array(text.utf8)) } }
    }

    @Test func `keys are those of FNV-1a`() {
        // The published test vectors of the 64-bit hash.
        #expect(MeasuredCases.key("".utf8) == 0xCBF2_9CE4_8422_2325)
        #expect(MeasuredCases.key("a".utf8) == 0xAF63_DC4C_8601_EC8C)
        #expect(MeasuredCases.key("foobar".utf8) == 0x8594_4171_F739_67E8)
    }

    @Test func `shares of many cases differ sooner than those of few`() throws {
        let few = try #require(ShareDifference.interval(candidate: (0.8, 20), baseline: (0.9, 20)))
        let many = try #require(ShareDifference.interval(candidate: (0.8, 2000), baseline: (0.9, 2000)))
        #expect(few.upper > 0 && few.lower < -0.1 && many.upper < 0 && many.lower > -0.13)
        #expect(abs(many.mean + 0.1) < 1e-12)
        // By hand: (81/102, 91/102), deviation sqrt(81·21/102³ + 91·11/102³).
        let hundred = try #require(ShareDifference.interval(candidate: (0.8, 100), baseline: (0.9, 100)))
        #expect(abs(hundred.lower - (-10.0 / 102 - 1.959964 * 0.0504594)) < 1e-4)
        #expect(ShareDifference.interval(candidate: (1, 0), baseline: (1, 5)) == nil)
    }
}
