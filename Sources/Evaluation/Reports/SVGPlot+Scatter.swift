import Foundation

extension SVGPlot {
    /// Named points over two axes; `y` starts at zero, `x` at zero or, by powers of ten, at the least value above it.
    static func scatter(
        _ points: [ReportBlock.Point], xLabel: String, yLabel: String, isLogarithmic: Bool, title: String
    ) -> String {
        let points = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard let highest = points.map(\.y).max(), let lowest = points.map(\.y).min() else {
            return svg(title, height: 30, text("no values", x: 8, y: 20))
        }
        let least = points.map(\.x).filter { $0 > 0 }.min() ?? 1
        // What is not above zero has no place on a scale of powers: it stands at its left end.
        func along(_ value: Double) -> Double { isLogarithmic ? log10(max(value, least)) : value }
        let places = points.map { along($0.x) }
        let (left, right, height) = (60.0, 130.0, 300.0)
        let from = isLogarithmic ? log10(least).rounded(.down) : min(0, places.min() ?? 0)
        let last = places.max() ?? 1
        let to = isLogarithmic ? max(from + 1, last.rounded(.up)) : max(last, from)
        let x = Scale(from: from, to: to, start: left, end: width - right)
        let y = Scale(from: min(0, lowest), to: highest, start: height - 44, end: 26)
        let ticks = isLogarithmic ? Array(stride(from: from, through: to, by: 1)) : [from, (from + to) / 2, to]
        let grid = ticks.map { tick in
            line(x1: x(tick), y1: 26, x2: x(tick), y2: height - 44, class: "axis")
                + text(
                    HTMLText.figure(isLogarithmic ? pow(10, tick) : tick), x: x(tick), y: height - 26, anchor: "middle")
        }
        let levels = [min(0, lowest), (min(0, lowest) + highest) / 2, highest].map { level in
            line(x1: left, y1: y(level), x2: width - right, y2: y(level), class: "axis")
                + text(HTMLText.figure(level), x: left - 6, y: y(level) + 4, anchor: "end")
        }
        let drawn = zip(points, places).map { point, place in
            dot(x: x(place), y: y(point.y), class: "s\(point.group & 3)")
                + text(point.label, x: x(place) + 7, y: y(point.y) + 4)
        }
        let labels =
            text(xLabel, x: (left + width - right) / 2, y: height - 6, anchor: "middle") + text(yLabel, x: left, y: 14)
        return svg(title, height: height, grid.joined() + levels.joined() + drawn.joined() + labels)
    }
}
