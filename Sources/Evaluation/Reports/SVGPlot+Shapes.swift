extension SVGPlot {
    static func svg(_ title: String, height: Double, _ body: String) -> String {
        """
        <svg viewBox="0 0 \(HTMLText.coordinate(width)) \(HTMLText.coordinate(height))" width="640" role="img">\
        <title>\(HTMLText.escaped(title))</title>\(body)</svg>
        """
    }

    static func rectangle(x: Double, y: Double, width: Double, height: Double, class name: String) -> String {
        """
        <rect class="\(name)" x="\(HTMLText.coordinate(x))" y="\(HTMLText.coordinate(y))" \
        width="\(HTMLText.coordinate(width))" height="\(HTMLText.coordinate(height))"/>
        """
    }

    static func line(x1: Double, y1: Double, x2: Double, y2: Double, class name: String) -> String {
        """
        <line class="\(name)" x1="\(HTMLText.coordinate(x1))" y1="\(HTMLText.coordinate(y1))" \
        x2="\(HTMLText.coordinate(x2))" y2="\(HTMLText.coordinate(y2))"/>
        """
    }

    static func dot(x: Double, y: Double, class name: String) -> String {
        "<circle class=\"\(name)\" cx=\"\(HTMLText.coordinate(x))\" cy=\"\(HTMLText.coordinate(y))\" r=\"3.5\"/>"
    }

    static func text(_ content: String, x: Double, y: Double, anchor: String = "start") -> String {
        """
        <text x="\(HTMLText.coordinate(x))" y="\(HTMLText.coordinate(y))" text-anchor="\(anchor)">\
        \(HTMLText.escaped(content))</text>
        """
    }

    /// Maps values to coordinates; a range without width maps to its start.
    struct Scale {
        let from: Double
        let factor: Double
        let start: Double

        init(from: Double, to: Double, start: Double, end: Double) {
            (self.from, self.start) = (from, start)
            factor = to > from ? (end - start) / (to - from) : 0
        }

        func callAsFunction(_ value: Double) -> Double { start + (value - from) * factor }
    }
}
