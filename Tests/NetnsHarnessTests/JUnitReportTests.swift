import Foundation
import TestSupport
import Testing

@testable import NetnsHarness

/// What an XML reader finds in a report, and what GitLab (its documentation's "Unit test reports") and the reporters of
/// GitHub (dorny/test-reporter, mikepenz/action-junit-report) make of that.
struct JUnitReportTests {
    private struct Element: Decodable {
        let tag: String
        let attributes: [String: String]
        let text: String
        let children: [Element]

        func children(_ tag: String) -> [Element] { children.filter { $0.tag == tag } }
        func count(_ name: String) throws -> Int {
            try #require(attributes[name].flatMap { Int($0) }, "\(tag) \(name)")
        }
        func time() throws -> Double { try #require(attributes["time"].flatMap(Double.init), "\(tag)") }
    }

    /// By a reader that is none of ours.
    private static func read(_ xml: String) throws -> Element {
        let script = """
            import json, sys, xml.etree.ElementTree as tree
            def told(element):
                return {"tag": element.tag, "attributes": element.attrib, "text": element.text or "",
                        "children": [told(child) for child in element]}
            print(json.dumps(told(tree.fromstring(sys.stdin.buffer.read()))))
            """
        let finished = try run(["/usr/bin/python3", "-c", script], input: xml)
        try #require(finished.status == 0, "\(finished.errors)")
        return try JSONDecoder().decode(Element.self, from: Data(finished.output.utf8))
    }

    /// One of everything, the captures in a file, and one with an event.
    private static let reports: [FiledReport] = {
        var report = ReportFormatTests.sample.report
        report.findings[0].evidence = Evidence(capture: [], count: 2, file: "weft-reports/lecture-B1-A1.pcapng")
        return [FiledReport(file: ReportFormatTests.sample.file, report: report), ReportFormatTests.afterEvent]
    }()

    @Test func `suites and cases are nested and called as readers want them, and nothing else is in them`() throws {
        let root = try Self.read(JUnitReport(Self.reports).text)
        #expect(root.tag == "testsuites")
        #expect(Set(root.attributes.keys) == ["name", "tests", "failures", "errors", "skipped", "time"])
        #expect(root.children.map(\.tag) == ["testsuite", "testsuite"])
        #expect(root.children.map { $0.attributes["name"] } == ["lecture", "lab"])
        #expect(root.children.map { $0.attributes["file"] } == ["a,b.json", "lab.json"])
        for suite in root.children {
            #expect(suite.children.allSatisfy { $0.tag == "testcase" })
            for testcase in suite.children {
                let names = Set(testcase.attributes.keys)
                #expect(names.isSuperset(of: ["classname", "name", "file", "time"]), "\(testcase)")
                #expect(names.subtracting(["classname", "name", "file", "time", "line"]).isEmpty, "\(testcase)")
                #expect(testcase.attributes["classname"]?.hasPrefix("\(suite.attributes["name"] ?? "?").") == true)
                let results = testcase.children.filter { $0.tag != "system-out" }
                #expect(results.count <= 1 && results.allSatisfy { ["failure", "skipped"].contains($0.tag) })
                for failure in testcase.children("failure") {
                    #expect(failure.attributes["message"]?.isEmpty == false && failure.attributes["type"] != nil)
                    #expect(!failure.text.isEmpty, "GitLab shows the text, not the message")
                }
                for skip in testcase.children("skipped") { #expect(skip.attributes["message"]?.isEmpty == false) }
            }
            // GitLab takes two of one name for one.
            let keys = suite.children.map { [$0.attributes["classname"], $0.attributes["name"]] }
            #expect(Set(keys).count == keys.count)
        }
    }

    @Test func `the counts and times of suites are those of their cases, and the report's those of its suites`() throws
    {
        let root = try Self.read(JUnitReport(Self.reports).text)
        for suite in root.children {
            #expect(try suite.count("tests") == suite.children.count)
            #expect(try suite.count("failures") == suite.children.count { !$0.children("failure").isEmpty })
            #expect(try suite.count("skipped") == suite.children.count { !$0.children("skipped").isEmpty })
            #expect(try suite.count("errors") == 0)
            let times = try suite.children.reduce(0) { try $0 + $1.time() }
            #expect(try abs(suite.time() - times) < 1e-6)
        }
        for name in ["tests", "failures", "skipped", "errors"] {
            #expect(try root.count(name) == root.children.reduce(0) { try $0 + $1.count(name) })
        }
        #expect(try abs(root.time() - root.children.reduce(0) { try $0 + $1.time() }) < 1e-6)
        #expect(try root.children.map { try $0.count("tests") } == [8, 6])
        #expect(try root.children.map { try $0.count("failures") } == [3, 4])
        #expect(try root.children.map { try $0.count("skipped") } == [2, 0])
        // 61 and 90 µs of one pair, 3 ms of another; 61 µs each way.
        #expect(try root.children.map { try $0.time() } == [0.003151, 0.000122])
    }

    @Test func `names, reasons and causes come through as they are, and what XML cannot say as U+FFFD`() throws {
        let root = try Self.read(JUnitReport(Self.reports).text)
        let cases = root.children[0].children
        #expect(cases.map { $0.attributes["name"] }.contains("B1 -> <&\">"))
        let skips = cases.flatMap { $0.children("skipped") }.map { $0.attributes["message"] }
        #expect(skips == ["this kernel has no IPv6", "no</script>ARP"])
        let lost = try #require(cases.first { $0.attributes["name"] == "B1 -> A1" }?.children("failure").first)
        #expect(lost.attributes["message"]?.contains("100% lost\u{FFFD}") == true, "\(lost)")
        #expect(lost.text.contains("culprit: route B/172.17.8.0/24 is missing  # a,b.json:7:3\nway out: ip route add"))
        let attachments = cases.flatMap { $0.children("system-out") }.map(\.text)
        #expect(attachments == Array(repeating: "[[ATTACHMENT|weft-reports/lecture-B1-A1.pcapng]]", count: 2))
        let path = try #require(cases.first { $0.attributes["classname"] == "lecture.path" })
        #expect(path.attributes["file"] == "a,b.json" && path.attributes["line"] == "12", "of the expectation")
    }

    @Test func `a topology of any name, with no case at all, is a suite`() throws {
        for name in ["", "a\nb\tc", "\"'<>&", "]]>", "é\u{1F600}\u{FFFE}"] {
            let report = ReachabilityReport(topology: name, nodes: [], outcomes: [])
            let root = try Self.read(JUnitReport([FiledReport(file: "\(name).json", report: report)]).text)
            let read = name.replacing("\u{FFFE}", with: "\u{FFFD}")
            #expect(root.children.map { $0.attributes["name"] } == [read])
            #expect(root.children.map { $0.attributes["tests"] } == ["0"])
        }
    }
}
