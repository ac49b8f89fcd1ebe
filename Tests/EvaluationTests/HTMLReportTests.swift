import Evaluation
import Testing

@Suite struct HTMLReportTests {
    private func report(_ blocks: [ReportBlock], title: String = "Report") -> String {
        var report = HTMLReport(title: title)
        report.add(section: "Section", conclusion: "Conclude this & not <that>.", blocks: blocks)
        return report.html
    }

    @Test func `all text is escaped`() {
        let hostile = "<script>alert('x')</script>\u{1}"
        let html = report(
            [
                .paragraph(hostile), .table(caption: hostile, columns: [hostile], rows: [[hostile]]),
                .bars(caption: hostile, bars: [.init(label: hostile, value: 1)]),
                .lines(caption: hostile, xLabel: hostile, series: [.init(label: hostile, x: [0, 1], y: [0, 1])]),
                .square(
                    caption: hostile, xLabel: hostile, yLabel: hostile,
                    series: [.init(label: hostile, x: [0, 1], y: [0, 1])], hasDiagonal: true),
            ], title: hostile)
        #expect(!html.contains("<script"))
        #expect(!html.contains("\u{1}"))
        #expect(html.contains("Conclude this &amp; not &lt;that&gt;."))
    }

    @Test func `numbers that are none leave the plot whole`() {
        let html = report([
            .bars(
                caption: "b",
                bars: [.init(label: "x", value: .nan), .init(label: "y", value: 1, lower: .nan, upper: 2)]),
            .histogram(caption: "h", values: [.infinity, .nan], bins: 10),
            .histogram(caption: "h", values: [1, 1], bins: 0),
            .lines(caption: "l", xLabel: "x", series: [.init(label: "s", x: [.nan, 1], y: [1, .infinity])]),
            .bars(caption: "none", bars: []),
        ])
        #expect(!html.contains("\"nan") && !html.contains("\"inf"))
        #expect(html.contains("no values"))
    }

    @Test func `the file needs nothing from elsewhere`() {
        let html = report([.paragraph("x")])
        for outside in ["http:", "https:", "src=", "@import", "url("] { #expect(!html.contains(outside)) }
        #expect(html.contains("prefers-color-scheme:dark"))
        #expect(html == report([.paragraph("x")]))
    }

    @Test func `a bar shows its whisker`() throws {
        let interval = try #require(PairedBootstrap.interval(of: [0, 1, 1, 0, 1]))
        let html = report([.bars(caption: "b", bars: [.init(label: "x", interval: interval)])])
        #expect(html.ranges(of: "class=\"whisker\"").count == 3)
    }

    @Test func `a square runs from 0 to 1 whatever its points are, and leaves out what lies outside`() {
        func page(_ x: [Double], _ y: [Double]) -> String {
            report([
                .square(
                    caption: "c", xLabel: "x", yLabel: "y", series: [.init(label: "s", x: x, y: y)], hasDiagonal: false)
            ])
        }
        // The square is 320 wide from x 60 and as high from y 26: the middle is (220, 186) beside any other points.
        #expect(page([0.5], [0.5]).contains("points=\"220,186\""))
        #expect(page([0.5, 0.75], [0.5, 0.5]).contains("points=\"220,186 300,186\""))
        #expect(page([.nan, 2, 0.5, -1], [0.5, 0.5, 0.5, .infinity]).contains("points=\"220,186\""))
        #expect(page([], []).contains("points=\"\""))
    }

    @Test func `a diagonal is drawn where it means something`() {
        func page(_ hasDiagonal: Bool) -> String {
            report([.square(caption: "c", xLabel: "x", yLabel: "y", series: [], hasDiagonal: hasDiagonal)])
        }
        #expect(page(true).contains("class=\"chance\"") && !page(false).contains("class=\"chance\""))
    }
}
