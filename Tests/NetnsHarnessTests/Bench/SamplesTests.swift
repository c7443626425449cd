import Testing

@testable import NetnsHarness

struct SamplesTests {
    @Test(arguments: [([3], 3), ([9, 1, 2], 2), ([4, 1, 3, 2], 2.5), ([1, 1, 1000], 1)] as [([Double], Double)])
    func `the median is the value in the middle, or the mean of the two there`(_ values: [Double], _ median: Double) {
        #expect(Samples(values).median == median)
    }

    @Test func `the spread is half the range, as a part of the median`() {
        #expect(Samples([8, 10, 14]).spread == 0.3)
        #expect(Samples([5]).spread == 0)
    }

    /// The machine became half as fast after the first round. The medians' ratio would be 2 or 0.5 as the order has it.
    @Test func `a ratio is the median of the rounds' own, so that what hits both alike does not count`() {
        let baseline = Samples([100, 50, 52])
        #expect(Samples([50, 25, 26]).ratio(to: baseline) == 0.5)
        #expect(Samples([120, 60, 0]).ratio(to: baseline) == 1.2)
    }

    @Test(
        arguments: [
            (1240.4, "1240"), (85.04, "85.0"), (13.35, "13.4"), (1.005, "1.00"), (0.0567, "0.057"), (0, "0.000"),
            (.nan, "?"), (.infinity, "?"),
        ] as [(Double, String)])
    func `a figure has three digits that say something`(_ value: Double, _ text: String) {
        #expect(Figure.significant(value) == text)
    }

    @Test func `a figure is rounded to the digits that are asked for`() {
        #expect(Figure.fixed(-0.5, 2) == "-0.50")
        #expect(Figure.fixed(2.996, 2) == "3.00")
        #expect(Figure.fixed(7.5, 0) == "8")
    }
}
