import Domain
import Feeds
import Storage
import Testing

@Suite struct FullFeedTests {
    private func feed(_ numbers: some Sequence<Int>) -> String {
        numbers.map { "{\"id\":\"\($0)\",\"title\":\"Item \($0)\"}\n" }.joined()
    }

    @Test func `a full feed withdraws what it lacks, up to a tenth`() throws {
        let run = try FeedRun()
        try run.items(feed(0..<100))
        let summary = try run.items(feed(10..<100), mode: .full)
        #expect((summary.withdrawn, summary.unchanged) == (10, 90))
        #expect(try run.item("9")?.isWithdrawn == true)
        #expect(try run.item("10")?.isWithdrawn == false)
        #expect(try run.store.activeCount() == 90)
    }

    @Test func `a full feed that lacks more than a tenth stops before it changes anything`() throws {
        let run = try FeedRun()
        try run.items(feed(0..<100))
        let short = feed(11..<100) + "{\"id\":\"new\",\"title\":\"New\"}\n"
        let error = #expect(throws: FeedError.self) { try run.items(short, mode: .full) }
        #expect(error?.code == .wouldWithdrawTooMuch)
        #expect(error?.withdrawal == FeedError.Withdrawal(count: 11, of: 100))
        #expect(try run.store.activeCount() == 100)
        #expect(try run.item("new") == nil)
        #expect(try run.items(short, mode: .full, force: true).withdrawn == 11)
        #expect(try run.store.activeCount() == 90)
    }

    @Test func `a dry run says what would change, and changes nothing`() throws {
        let run = try FeedRun()
        try run.items(feed(0..<20))
        let next = "{\"id\":\"1\",\"title\":\"Changed\",\"price\":\"1 USD\"}\n" + feed(2..<21)
        let summary = try run.items(next, mode: .full, dryRun: true)
        #expect(summary.isDryRun)
        #expect((summary.added, summary.changed, summary.unchanged, summary.withdrawn) == (1, 1, 18, 1))
        #expect(summary.offersChanged == 1)
        #expect(summary.addedSample.map(\.rawValue) == ["20"])
        #expect(summary.changedSample.map(\.rawValue) == ["1"])
        #expect(summary.withdrawnSample.map(\.rawValue) == ["0"])
        #expect(try run.item("20") == nil)
        #expect(try run.item("1")?.item.title == "Item 1")
        #expect(try run.item("0")?.isWithdrawn == false)
        #expect(try run.price("1") == nil)
    }

    @Test func `an item whose record is refused stays as it is`() throws {
        let run = try FeedRun()
        try run.items(feed(0..<20))
        let summary = try run.items("{\"id\":\"0\",\"title\":5}\n" + feed(1..<20), mode: .full)
        #expect((summary.withdrawn, summary.rejected) == (0, 1))
        #expect(try run.item("0")?.isWithdrawn == false)
    }

    @Test func `a withdrawn item that comes again keeps its number`() throws {
        let run = try FeedRun()
        try run.items(feed(0..<20))
        let number = try run.item("0")?.number
        try run.items(feed(1..<20), mode: .full)
        #expect(try run.items(feed(0..<20), mode: .full).changed == 1)
        #expect(try run.item("0")?.isWithdrawn == false)
        #expect(try run.item("0")?.number == number)
    }
}
