/// Plots drawn as inline SVG: no script, no font, colours from the report's style.
enum SVGPlot {
    static let width = 640.0

    static func bars(_ bars: [ReportBlock.Bar], title: String) -> String {
        let bars = bars.filter(\.value.isFinite)
        let (row, left, right) = (26.0, 200.0, 70.0)
        let low = min(0, bars.map { min($0.value, $0.lower ?? $0.value) }.min() ?? 0)
        let high = max(0, bars.map { max($0.value, $0.upper ?? $0.value) }.max() ?? 1)
        let scale = Scale(from: low, to: high, start: left, end: width - right)
        let parts = bars.enumerated().map { index, bar in
            let y = Double(index) * row + 4
            let (from, to) = (scale(min(0, bar.value)), scale(max(0, bar.value)))
            return rectangle(x: from, y: y, width: to - from, height: row - 8, class: "s\(bar.group & 3)")
                + text(bar.label, x: left - 8, y: y + 13, anchor: "end")
                + whisker(bar, scale: scale, y: y + (row - 8) / 2)
                + text(HTMLText.figure(bar.value), x: scale(max(bar.value, bar.upper ?? bar.value, 0)) + 6, y: y + 13)
        }
        let height = Double(bars.count) * row + 4
        return svg(
            title, height: height, parts.joined() + line(x1: scale(0), y1: 0, x2: scale(0), y2: height, class: "axis"))
    }

    static func histogram(_ values: [Double], bins: Int, title: String) -> String {
        let values = values.filter(\.isFinite)
        let bins = max(1, min(bins, 200))
        guard let low = values.min(), let high = values.max() else {
            return svg(title, height: 30, text("no values", x: 8, y: 20))
        }
        let span = high > low ? high - low : 1
        var counts = Array(repeating: 0, count: bins)
        for value in values { counts[max(0, min(bins - 1, Int((value - low) / span * Double(bins))))] += 1 }
        let (height, bottom) = (200.0, 24.0)
        let tallest = Double(counts.max() ?? 1)
        let step = (width - 60) / Double(bins)
        let parts = counts.enumerated().map { index, count in
            let tall = Double(count) / tallest * (height - bottom - 16)
            return rectangle(
                x: 50 + Double(index) * step, y: height - bottom - tall, width: max(1, step - 1), height: tall,
                class: "s0")
        }
        let labels =
            text(HTMLText.figure(low), x: 50, y: height - 6)
            + text(HTMLText.figure(low + span), x: width - 10, y: height - 6, anchor: "end")
            + text(String(Int(tallest)), x: 44, y: 20, anchor: "end")
        return svg(title, height: height, parts.joined() + labels + baseline(height - bottom))
    }

    static func lines(_ series: [ReportBlock.Series], xLabel: String, title: String) -> String {
        let points = series.map { zip($0.x, $0.y).filter { $0.0.isFinite && $0.1.isFinite } }
        let (xs, ys) = (points.flatMap { $0.map(\.0) }, points.flatMap { $0.map(\.1) })
        guard let x0 = xs.min(), let x1 = xs.max(), let y1 = ys.max(), let lowest = ys.min() else {
            return svg(title, height: 30, text("no values", x: 8, y: 20))
        }
        let height = 240.0
        let y0 = min(0, lowest)
        let x = Scale(from: x0, to: x1, start: 60, end: width - 10)
        let y = Scale(from: y0, to: y1, start: height - 40, end: 24)
        let drawn = points.enumerated().map { index, line in
            let path = line.map { HTMLText.coordinate(x($0.0)) + "," + HTMLText.coordinate(y($0.1)) }.joined(
                separator: " ")
            // Few points are shown as such: between them nothing was measured.
            let dots = line.count > 12 ? [] : line.map { dot(x: x($0.0), y: y($0.1), class: "s\(index & 3)") }
            return "<polyline class=\"l\(index & 3)\" points=\"\(path)\"/>" + dots.joined()
        }
        let legend = series.enumerated().map { index, one in
            let place = 60 + Double(index) * 140
            return rectangle(x: place, y: 4, width: 10, height: 10, class: "s\(index & 3)")
                + text(one.label, x: place + 14, y: 13)
        }
        let labels =
            text(HTMLText.figure(y1), x: 54, y: 28, anchor: "end")
            + text(HTMLText.figure(y0), x: 54, y: height - 38, anchor: "end")
            + text(HTMLText.figure(x0), x: 60, y: height - 22)
            + text(HTMLText.figure(x1), x: width - 10, y: height - 22, anchor: "end")
            + text(xLabel, x: width / 2, y: height - 6, anchor: "middle")
        return svg(title, height: height, drawn.joined() + legend.joined() + labels + baseline(height - 40))
    }

    private static func whisker(_ bar: ReportBlock.Bar, scale: Scale, y: Double) -> String {
        guard let lower = bar.lower, let upper = bar.upper, lower.isFinite, upper.isFinite else { return "" }
        let (from, to) = (scale(lower), scale(upper))
        return line(x1: from, y1: y, x2: to, y2: y, class: "whisker")
            + line(x1: from, y1: y - 4, x2: from, y2: y + 4, class: "whisker")
            + line(x1: to, y1: y - 4, x2: to, y2: y + 4, class: "whisker")
    }

    private static func baseline(_ y: Double) -> String { line(x1: 50, y1: y, x2: width - 10, y2: y, class: "axis") }
}
