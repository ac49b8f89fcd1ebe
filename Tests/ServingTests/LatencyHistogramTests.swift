import Serving
import Testing

@Suite struct LatencyHistogramTests {
    @Test func `quantiles are within a quarter of an octave of the exact ones`() {
        var histogram = LatencyHistogram()
        for value in 1...1000 { histogram.add(milliseconds: Double(value) / 10) }
        for share in [0.5, 0.9, 0.99] {
            let exact = share * 100
            let found = histogram.quantile(share)
            #expect(found >= exact * 0.999 && found <= exact * 1.2)
        }
        #expect(histogram.count == 1000)
        #expect(abs(histogram.sumMilliseconds - 50_050) < 1e-6)
    }

    @Test func `an empty histogram has no quantile`() {
        #expect(LatencyHistogram().quantile(0.99) == 0)
    }

    @Test func `a value beyond all bounds falls into the last bucket`() {
        var histogram = LatencyHistogram()
        histogram.add(milliseconds: 1e12)
        #expect(histogram.quantile(1) == LatencyHistogram.bounds.last)
    }
}
