extension SVGPlot {
    /// Curves over shares: both axes run from 0 to 1, so that two pages can be laid side by side.
    static func square(
        _ series: [ReportBlock.Series], xLabel: String, yLabel: String, hasDiagonal: Bool, title: String
    ) -> String {
        let (left, top, side) = (60.0, 26.0, 320.0)
        let x = Scale(from: 0, to: 1, start: left, end: left + side)
        let y = Scale(from: 0, to: 1, start: top + side, end: top)
        let points = series.map { one in
            zip(one.x, one.y).filter { (0...1).contains($0.0) && (0...1).contains($0.1) }
        }
        let grid = [0, 0.25, 0.5, 0.75, 1].map { tick in
            line(x1: x(tick), y1: y(0), x2: x(tick), y2: y(1), class: "axis")
                + line(x1: x(0), y1: y(tick), x2: x(1), y2: y(tick), class: "axis")
                + text(HTMLText.figure(tick), x: x(tick), y: y(0) + 16, anchor: "middle")
                + text(HTMLText.figure(tick), x: left - 8, y: y(tick) + 4, anchor: "end")
        }
        let diagonal = hasDiagonal ? line(x1: x(0), y1: y(0), x2: x(1), y2: y(1), class: "chance") : ""
        let drawn = points.enumerated().map { index, one in
            let path = one.map { HTMLText.coordinate(x($0.0)) + "," + HTMLText.coordinate(y($0.1)) }
            let dots =
                one.count > 30
                ? ""
                : one.map { dot(x: x($0.0), y: y($0.1), class: "s\(index & 3)") }.joined()
            return "<polyline class=\"l\(index & 3)\" points=\"\(path.joined(separator: " "))\"/>" + dots
        }
        let legend = series.enumerated().map { index, one in
            let place = top + 6 + Double(index) * 22
            return rectangle(x: left + side + 24, y: place, width: 10, height: 10, class: "s\(index & 3)")
                + text(one.label, x: left + side + 40, y: place + 9)
        }
        let labels =
            text(xLabel, x: left + side / 2, y: top + side + 36, anchor: "middle")
            + text(yLabel, x: left, y: top - 10)
        return svg(
            title, height: top + side + 44,
            grid.joined() + diagonal + drawn.joined() + legend.joined() + labels)
    }
}
