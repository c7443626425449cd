import Compiler
import Foundation
import JSONReader
import NetworkState
import TestSupport
import Testing

@testable import NetnsHarness

/// The page, as a browser shows it and a keyboard reaches it. One browser at a time has work for two processors.
@Suite(.serialized, .enabled("these tests need the Debian package chromium") { Browser.isInstalled })
struct HTMLReportTests {
    private let browser: Browser

    init() throws {
        browser = try Browser()
    }

    /// What has the keys now.
    private func focus() throws -> String {
        try browser.ask(
            """
            (({ id, tagName, textContent, ariaLabel }) => id || ariaLabel || `${tagName.toLowerCase()} ${textContent.trim()}`)
            (document.activeElement)
            """)
    }

    @Test func `Tab comes to each part of the page once, and arrow keys move within it`() throws {
        try browser.show(HTMLReport([ReportFormatTests.sample]).text)
        var stops: [String] = []
        for _ in 0..<6 {
            try browser.press(.tab)
            stops.append(try focus())
        }
        let expected = [
            "failed-only", "filter", "theme", "host A, eth0 192.0.2.1/24 on lan, 1 container",
            "A1 to A1: itself", "summary Reachability 5, ✗ 1 failed",
        ]
        #expect(stops == expected)
        try browser.press(.enter)
        #expect(try browser.ask("document.activeElement.parentElement.open") == false)
        try browser.press(.enter)
        try browser.settle()
        try browser.press(.tab)
        #expect(try focus() == "summary ✗ B1 → A1 icmp unreachable")
        try browser.press(.arrowDown)
        #expect(try focus() == "summary ✓ A1 → B1 icmp reachable")
        try browser.press(.arrowUp)
        try browser.press(.enter)
        try browser.settle()
        let told: String = try browser.ask("document.activeElement.parentElement.textContent")
        for word in ["B1 → B", "last seen at", "route B/172.17.8.0/24 is missing", "172.17.9.2"] {
            #expect(told.contains(word), "\(told)")
        }
    }

    @Test func `Enter opens what was seen of a pair, Escape closes it, and nothing is fetched`() throws {
        try browser.show(HTMLReport([ReportFormatTests.sample]).text)
        #expect(try browser.ask("document.querySelectorAll('td[role=gridcell]').length") == 9)
        #expect(try browser.ask("document.querySelectorAll('td[role=gridcell][tabindex=\"0\"]').length") == 1)
        #expect(try browser.ask("document.querySelectorAll('td.wrong').length") == 2)
        #expect(try browser.ask("document.querySelectorAll('details.kind[open]').length") == 3)
        try browser.press(.tab, times: 5)
        try browser.press(.arrowDown)
        try browser.press(.end)
        try browser.press(.arrowLeft, times: 2)
        #expect(try focus() == "B1 to A1: 2 of 2 checks not as expected")
        try browser.press(.enter)
        #expect(try focus() == "panel-title")
        let told: String = try browser.ask("document.getElementById('panel').innerText")
        #expect(told.contains("route B/172.17.8.0/24 is missing") && told.contains("ip route add 172.17.8.0/24"))
        #expect(try browser.ask("document.querySelectorAll('#panel .packets tbody tr').length") == 4)
        try browser.photograph("pair")
        try browser.press(.escape)
        #expect(try browser.ask("document.getElementById('panel').hidden") == true)
        #expect(try focus() == "B1 to A1: 2 of 2 checks not as expected")
        try browser.perform("document.getElementById('failed-only').click()")
        #expect(try browser.ask("document.querySelectorAll('td.dim').length") == 2)
        #expect(try browser.ask("performance.getEntriesByType('resource').length") == 0)
    }

    @Test func `the page has every check as the report's JSON has it`() throws {
        let reports = [ReportFormatTests.sample, ReportFormatTests.afterEvent]
        try browser.show(HTMLReport(reports).text)
        for (place, report) in reports.enumerated() {
            let checks: String = try browser.ask("JSON.stringify(reports[\(place)].checks)")
            #expect(try JSON(parsing: checks) == report.report.json["checks"])
        }
    }

    @Test func `a node of the drawing opens by Enter, and a path is marked on it`() throws {
        try browser.show(HTMLReport([try FiledReport(allReachedIn: TopologyFile("expectations").source)]).text)
        try browser.press(.tab, times: 4)
        #expect(try focus() == "router R, eth0 192.168.100.1/24 on left, eth1 192.168.200.1/24 on right")
        try browser.press(.arrowRight)
        #expect(try focus().hasPrefix("host A, eth0 192.168.100.100/24 on left, 2 containers"))
        try browser.press(.arrowDown)
        try browser.press(.enter)
        #expect(try browser.ask("document.getElementById('panel-title').textContent") == "A1")
        #expect(try browser.ask("document.getElementById('panel-body').innerText.includes('container on A')") == true)
        try browser.press(.escape)
        #expect(try focus().hasPrefix("container A1"))
        let cell = "[...document.querySelectorAll('td')].find(cell => cell.ariaLabel?.startsWith('A1 to C1'))"
        try browser.perform("\(cell).click()")
        // To the button that closes, and on to the first path.
        try browser.press(.tab, times: 2)
        #expect(try focus() == "button Show on the drawing")
        try browser.press(.enter)
        let marked: [String] = try browser.ask(
            "[...document.querySelectorAll('.node.passed')].map(node => node.dataset.name).sort()")
        #expect(marked == ["A", "A1", "C", "C1", "R"])
        let wires: [String] = try browser.ask(
            "[...document.querySelectorAll('.wire.passed')].map(wire => wire.dataset.a + '-' + wire.dataset.b).sort()")
        #expect(wires == ["A-left", "A1-A", "C-right", "C1-C", "R-left", "R-right"])
        try browser.photograph("path")
    }

    @Test func `every text stands out in light and in dark, and no page is wider than its window`() throws {
        try browser.show(HTMLReport([ReportFormatTests.sample, ReportFormatTests.afterEvent]).text)
        for _ in 0..<3 {
            try browser.perform("document.querySelectorAll('details').forEach(item => { item.open = true; })")
        }
        try browser.perform("document.querySelector('td.wrong').click()")
        struct Contrast: Decodable {
            let weak: [String]
            let count: Int
        }
        for (width, isDark) in [(400, false), (400, true), (1280, false), (1280, true)] {
            try browser.look(width: width, isDark: isDark)
            let contrast: Contrast = try browser.ask(PageMeasures.contrast)
            #expect(contrast.weak.isEmpty && contrast.count > 200, "\(width) \(isDark): \(contrast)")
            #expect(try browser.ask("document.documentElement.scrollWidth") == width)
            let panel: [Double] = try browser.ask(
                "(({ left, right }) => [left, right])(document.getElementById('panel').getBoundingClientRect())")
            #expect(panel[0] >= 0 && panel[1] <= Double(width), "\(panel)")
            try browser.photograph("opened-\(width)-\(isDark ? "dark" : "light")")
        }
        // The button says otherwise than the system, and is obeyed.
        let ground = "getComputedStyle(document.body).backgroundColor"
        let dark: String = try browser.ask(ground)
        try browser.perform("document.getElementById('theme').click()")
        #expect(try browser.ask(ground) != dark)
    }

    @Test func `drawings say what everything is called and has for addresses, and nothing is over anything else`()
        throws
    {
        let names = ["expectations", "calico-six-hosts", "calico-dual-stack", "flannel-vxlan-dual-stack", "docker-nat"]
        let reports =
            try names.map { try FiledReport(allReachedIn: TopologyFile($0).source) } + [
                try FiledReport(allReachedIn: SourceText.tangle)
            ]
        try browser.show(HTMLReport(reports).text)
        for (width, isDark) in [(1280, false), (400, true)] {
            try browser.look(width: width, isDark: isDark)
            #expect(try browser.ask(PageMeasures.crooked) == [String]())
            #expect(try browser.ask("document.documentElement.scrollWidth") == width)
            try browser.photograph("drawings-\(width)")
            for (place, report) in reports.enumerated() {
                let texts: [String] = try browser.ask(
                    "[...document.querySelectorAll('svg')[\(place)].querySelectorAll('text')].map(text => text.textContent)"
                )
                let missing = report.report.wiring.words.filter { word in !texts.contains { $0.contains(word) } }
                #expect(missing.isEmpty, "\(report.file)")
            }
        }
    }

    @Test func `a page of 9,900 pairs is smaller than 3 MB, and shows them by host`() throws {
        let text = """
            {"version": 1, "name": "hundred", "network": {"profile": "calico", "pools": ["10.64.0.0/12"]},
             "segments": [{"name": "lan", "subnet": "10.0.0.0/22"}],
             "hosts": [{"name": "h{001..100}", "links": [{"segment": "lan"}], "containers": 1}]}
            """
        let page = HTMLReport([
            try FiledReport(allReachedIn: SourceText(name: "hundred.json", text: text), losing: "h007-1")
        ])
        .text
        #expect(page.utf8.count < 3_000_000)
        try browser.look(width: 1280)
        try browser.show(page)
        #expect(try browser.ask("reports[0].checks.length") == 49_500)
        #expect(try browser.ask("document.querySelectorAll('td[role=gridcell]').length") == 10_000)
        #expect(try browser.ask("document.querySelectorAll('td.wrong').length") == 198)
        #expect(try browser.ask("document.querySelectorAll('svg .node').length") == 100)
        #expect(try browser.ask("[...document.querySelectorAll('svg .node rect.failing')].length") == 1)
        #expect(try browser.ask(PageMeasures.crooked) == [String]())
        // Of 29,700 checks, as many as can be read.
        #expect(try browser.ask("document.querySelectorAll('.check-view').length") == 200)
        let last = "document.querySelector('.rows > button:last-of-type')"
        try browser.perform("\(last).click()")
        #expect(try browser.ask("document.querySelectorAll('.check-view').length") == 400)
        #expect(try browser.ask("document.documentElement.scrollWidth") == 1280)
        try browser.photograph("hundred")
    }
}

extension Wiring {
    /// What everything is called, and all addresses.
    fileprivate var words: [String] {
        let networks = segments.flatMap { [$0.name, "mtu \($0.mtu)"] + $0.subnets.map(\.description) }
        let links = machines.flatMap(\.links).flatMap { [$0.name.text] + $0.addresses.map(\.description) }
        let blocks = machines.flatMap { [$0.name] + $0.blocks.map(\.description) }
        let containers = machines.flatMap(\.containers).flatMap {
            [$0.name, $0.link.text] + $0.addresses.map(\.description)
        }
        return networks + links + blocks + containers
    }
}
