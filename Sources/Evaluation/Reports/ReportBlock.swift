/// One part of a report's section.
public enum ReportBlock: Sendable {
    /// A paragraph of plain text.
    case paragraph(String)
    /// Rows with as many cells as there are columns; the first column is text, and so is one with a long cell; the others align as
    /// numbers.
    case table(caption: String, columns: [String], rows: [[String]])
    /// Horizontal bars, with whiskers where there is an interval.
    case bars(caption: String, bars: [Bar])
    /// How often values fall into `bins` ranges of equal width.
    case histogram(caption: String, values: [Double], bins: Int)
    /// Lines over a shared axis; at most four are told apart by colour.
    case lines(caption: String, xLabel: String, series: [Series])
    /// Named points over two axes; `x` by powers of ten if it is logarithmic.
    case scatter(caption: String, xLabel: String, yLabel: String, points: [Point], isLogarithmic: Bool)
    /// Lines in a square whose axes both run from 0 to 1, whatever the points are; points outside of it are left out.
    case square(caption: String, xLabel: String, yLabel: String, series: [Series], hasDiagonal: Bool)

    /// One bar; `group` chooses the colour.
    public struct Bar: Hashable, Sendable {
        public let label: String
        public let value: Double
        public let lower: Double?
        public let upper: Double?
        public let group: Int

        public init(label: String, value: Double, lower: Double? = nil, upper: Double? = nil, group: Int = 0) {
            (self.label, self.value, self.lower, self.upper, self.group) = (label, value, lower, upper, group)
        }

        public init(label: String, interval: ConfidenceInterval, group: Int = 0) {
            self.init(label: label, value: interval.mean, lower: interval.lower, upper: interval.upper, group: group)
        }
    }

    /// One line of a plot.
    public struct Series: Hashable, Sendable {
        public let label: String
        public let x: [Double]
        public let y: [Double]
        /// `x` and `y` must be of one length.
        public init(label: String, x: [Double], y: [Double]) {
            precondition(x.count == y.count, "a point needs both coordinates")
            (self.label, self.x, self.y) = (label, x, y)
        }
    }

    /// One point of a scatter plot; `group` chooses the colour.
    public struct Point: Hashable, Sendable {
        public let label: String
        public let x: Double
        public let y: Double
        public let group: Int

        public init(label: String, x: Double, y: Double, group: Int = 0) {
            (self.label, self.x, self.y, self.group) = (label, x, y, group)
        }
    }

    var html: String {
        switch self {
        case .paragraph(let text): "<p>\(HTMLText.escaped(text))</p>"
        case .table(let caption, let columns, let rows): Self.table(caption, columns, rows)
        case .bars(let caption, let bars): Self.figure(caption, SVGPlot.bars(bars, title: caption))
        case .histogram(let caption, let values, let bins):
            Self.figure(caption, SVGPlot.histogram(values, bins: bins, title: caption))
        case .lines(let caption, let xLabel, let series):
            Self.figure(caption, SVGPlot.lines(series, xLabel: xLabel, title: caption))
        case .scatter(let caption, let xLabel, let yLabel, let points, let isLogarithmic):
            Self.figure(
                caption,
                SVGPlot.scatter(points, xLabel: xLabel, yLabel: yLabel, isLogarithmic: isLogarithmic, title: caption))
        case .square(let caption, let xLabel, let yLabel, let series, let hasDiagonal):
            Self.figure(
                caption,
                SVGPlot.square(series, xLabel: xLabel, yLabel: yLabel, hasDiagonal: hasDiagonal, title: caption))
        }
    }

    private static func figure(_ caption: String, _ svg: String) -> String {
        "<figure class=\"scroll\">\(svg)<figcaption>\(HTMLText.escaped(caption))</figcaption></figure>"
    }

    private static let longestFigure = 32

    private static func table(_ caption: String, _ columns: [String], _ rows: [[String]]) -> String {
        // What is longer than an interval is read as text.
        let kinds = columns.indices.map { column in
            column > 0 && rows.contains { $0[column].count > longestFigure } ? " class=\"text\"" : ""
        }
        let head = zip(columns, kinds).map { "<th scope=\"col\"\($1)>\(HTMLText.escaped($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + zip(row, kinds).map { "<td\($1)>\(HTMLText.escaped($0))</td>" }.joined() + "</tr>"
        }
        return """
            <div class="scroll"><table><caption>\(HTMLText.escaped(caption))</caption><thead><tr>\(head)</tr></thead>
            <tbody>\(body.joined(separator: "\n"))</tbody></table></div>
            """
    }
}
