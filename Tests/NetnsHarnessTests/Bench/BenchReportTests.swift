import Compiler
import Foundation
import JSONReader
import NetnsHarness
import NetworkState
import TestSupport
import Testing

/// What a bench says, of figures that no machine has measured.
struct BenchReportTests {
    private static func golden(_ name: String) -> URL {
        Repository.tests.appending(path: "NetnsHarnessTests/Golden/bench").appending(path: name)
    }

    /// Three rounds about the middle values, in the order of ``BenchMetric``.
    private static func figures(_ middles: [Double]) -> BenchReport.Result {
        .measured(
            BenchFigures(
                Dictionary(
                    uniqueKeysWithValues: zip(BenchMetric.allCases, middles).map {
                        ($0, Samples([$1, $1 * 0.95, $1 * 1.04]))
                    })))
    }

    private static func report(_ results: KeyValuePairs<BenchSubject, BenchReport.Result>) -> BenchReport {
        BenchReport(
            results.map { BenchReport.Row($0, $1) }, bench: ModelBench(duration: .seconds(2), rounds: 3),
            machine: "Linux 6.18.0, 2 × Processor & Sons")
    }

    /// Every model but one, in the lecture's order.
    private static let whole = report([
        .hosts: figures([17, 116, 41, 0.44]),
        .profile(.calico): figures([13.4, 85, 43, 0.6]),
        .profile(.calicoIPIP): .unavailable("cannot run here: this machine or user lacks ipip"),
        .profile(.calicoVXLAN): figures([9.9, 51, 58.5, 0.81]),
        .profile(.flannelHostGateway): figures([14.9, 69, 50, 0.55]),
        .profile(.flannelVXLAN): figures([9.5, 48, 60, 0.84]),
        .profile(.flannelUDP): figures([0.67, 60, 111, 12]),
        .profile(.dockerNAT): figures([12.6, 52, 59, 0.66]),
    ])

    /// Encapsulated TCP is faster in every round, round trips are shorter in two of three.
    private static let surprising = report([
        .profile(.calico): .measured(
            BenchFigures([.throughput: Samples([10, 9, 11]), .roundTrip: Samples([43, 44, 42])])),
        .profile(.calicoVXLAN): .measured(
            BenchFigures([.throughput: Samples([12, 10, 13]), .roundTrip: Samples([42, 43, 44])])),
    ])

    private static let calicoAlone = report([.profile(.calico): figures([13.4, 85, 43, 0.6])])

    @Test(arguments: [("whole", whole), ("surprising", surprising), ("calico-alone", calicoAlone)])
    func `the text of a bench is its golden file's`(_ name: String, _ report: BenchReport) {
        expectGolden(report.text, Self.golden("\(name).txt"))
    }

    @Test func `a bench can be put into a document, and models without figures stand in its table too`() {
        expectGolden(Self.whole.markdown, Self.golden("whole.md"))
    }

    @Test func `a program gets every round's value`() throws {
        let json = Self.whole.json
        #expect(try JSON(parsing: json.text) == json)
        let models = try #require(json["models"]?.array)
        #expect(models.map { $0["name"]?.string } == Self.whole.rows.map(\.subject.name))
        let vxlan = try #require(models.first { $0["name"] == "calico-vxlan" }?["metrics"]?["tcp-throughput"])
        #expect(vxlan["median"] == .real(9.9))
        #expect(vxlan["rounds"]?.array?.count == 3)
        #expect(vxlan["ratio"] == .real(9.9 / 13.4))
        let ipip = try #require(models.first { $0["name"] == "calico-ipip" })
        #expect(ipip["metrics"] == nil)
        #expect(ipip["unavailable"] == "cannot run here: this machine or user lacks ipip")
    }

    @Test func `plain routing is 1 in every metric`() {
        for metric in BenchMetric.allCases { #expect(Self.whole.ratio(of: .baseline, metric) == 1) }
        #expect(Self.whole.ratio(of: .profile(.calicoIPIP), .throughput) == nil)
    }

    @Test func `the lecture's order is recognised`() {
        #expect(BenchOrder(Self.whole).sentences.allSatisfy { $0.hasSuffix(", as expected.") })
    }

    @Test func `another order is told with the figures and a reason`() throws {
        let sentences = BenchOrder(Self.surprising).sentences
        #expect(sentences[0].contains("calico-vxlan has 1.18 of calico's (12.0 and 10.0 Gbit/s), perhaps since veth"))
        #expect(sentences[1].contains("but not in every round"))
    }

    @Test(arguments: [("whole", whole), ("calico-alone", calicoAlone)])
    func `the plot is its golden file's, and well-formed`(_ name: String, _ report: BenchReport) throws {
        let svg = BenchPlot(report).svg
        expectGolden(svg, Self.golden("\(name).svg"))
        let bars = svg.matches(of: #/<rect class="(?!ground)/#).count
        #expect(bars == report.rows.count { if case .measured = $0.result { true } else { false } } * 4)
        let finished = try run(["python3", "-c", "import sys, xml.dom.minidom as d; d.parse(sys.stdin)"], input: svg)
        #expect(finished.status == 0, "\(finished.errors)")
    }
}
