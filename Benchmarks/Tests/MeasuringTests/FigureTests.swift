import Measuring
import Testing

struct FigureTests {
    @Test(
        arguments: [
            ([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([7], 7), ([1, 1, 1, 1, 100], 1),
        ] as [([Double], Double)])
    func `the middle stands for all, however far one lies off`(_ values: [Double], _ median: Double) throws {
        #expect(try #require(Figure(values)).median == median)
    }

    @Test func `nothing has no middle`() { #expect(Figure([]) == nil) }

    @Test func `the spread is half the range, as a part of the median`() throws {
        #expect(try #require(Figure([9, 10, 13])).spread == 0.2)
    }

    /// The machine was three times as slow in the second round: for both.
    @Test func `ratios are those of the rounds, not of the medians`() throws {
        let ratio = try #require(Figure([2, 6, 2], over: [1, 3, 1]))
        #expect(ratio == Figure([2, 2, 2]))
        #expect(Figure([1, 2], over: [0, 0]) == nil)
    }

    @Test(arguments: [(1.0, 10.0, 1.0), (1, 100, 2), (1, 1, 0)])
    func `growth is the power of the size`(_ small: Double, _ large: Double, _ power: Double) throws {
        let grown = try #require(growth(from: (10, small), to: (100, large)))
        #expect(abs(grown - power) < 1e-9)
        #expect(growth(from: (10, 1), to: (10, 2)) == nil)
    }
}
