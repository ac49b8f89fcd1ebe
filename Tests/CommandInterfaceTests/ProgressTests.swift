import Testing

@testable import CommandInterface

@Suite struct ProgressTests {
    private func lines(isTerminal: Bool = false) -> ProgressState {
        ProgressState(label: "sasrec", isTerminal: isTerminal, now: 100)
    }

    @Test func `elsewhere a line stands at each tenth, with the time left once it can be told`() {
        var state = lines()
        #expect(state.text(1, of: 1000, now: 100.5) == "sasrec: 0% (1 of 1000)\n")
        #expect(state.text(99, of: 1000, now: 104) == nil)
        #expect(state.text(100, of: 1000, now: 105) == "sasrec: 10% (100 of 1000, 45 s left)\n")
        #expect(state.text(500, of: 1000, now: 1100) == "sasrec: 50% (500 of 1000, 17 min left)\n")
        #expect(state.text(600, of: 1000, now: 60_100) == "sasrec: 60% (600 of 1000, 11.1 h left)\n")
        #expect(state.text(1000, of: 1000, now: 60_200) == "sasrec: 100% (1000 of 1000)\n")
        var unknown = lines()
        #expect(unknown.text(10, of: 0, now: 101) == "sasrec: 10\n")
        #expect(unknown.text(499_999, of: 0, now: 102) == nil)
        #expect(unknown.text(500_000, of: 0, now: 103) == "sasrec: 500000\n")
    }

    @Test func `a resumed run tells the time left by the steps that it made itself`() {
        var state = lines()
        state.begin(at: 900, now: 110)
        #expect(state.text(910, of: 1000, now: 120) == "sasrec: 91% (910 of 1000, 90 s left)\n")
        var bar = lines(isTerminal: true)
        bar.begin(at: 900, now: 110)
        #expect(bar.text(950, of: 1000, now: 120)?.hasSuffix(" 95%  5/s  10 s left") == true)
    }

    @Test func `a second part begins anew, with its own lines and its own pace`() {
        var state = lines()
        _ = state.text(1000, of: 1000, now: 1100)
        state.begin(at: 0, now: 1100)
        #expect(state.text(1, of: 200, now: 1101) == "sasrec: 0% (1 of 200, 4 min left)\n")
        #expect(state.text(20, of: 200, now: 1110) == "sasrec: 10% (20 of 200, 90 s left)\n")
    }

    @Test func `a terminal's bar is drawn ten times a second at most, and at the end`() {
        var bar = lines(isTerminal: true)
        let half = "sasrec             " + String(repeating: "█", count: 14) + String(repeating: "░", count: 14)
        #expect(bar.text(50, of: 100, now: 110) == "\r\u{1B}[K\(half) 50%  5/s  10 s left")
        #expect(bar.text(51, of: 100, now: 110.05) == nil)
        #expect(bar.text(100, of: 100, now: 110.06)?.hasSuffix("100%  9/s") == true)
        #expect(bar.text(10, of: 0, now: 111) == "\r\u{1B}[Ksasrec 10  0/s")
    }
}
