import Compiler
import TestSupport
import Testing

/// Pictures as a browser shows them, with the fonts that it has.
@Suite(.enabled("these tests need the Debian package chromium") { Browser.isInstalled })
struct PictureInBrowserTests {
    private struct Contrast: Decodable {
        let weak: [String]
        let count: Int
    }

    @Test func `nothing is over anything else, is cropped or is hard to read, in light and dark`() throws {
        let names = [
            "calico-dual-stack", "calico-ipip-cross-subnet", "calico-six-hosts", "docker-nat", "flannel-udp",
            "flannel-vxlan-dual-stack",
        ]
        let topologies = try [load(SourceText.tangle)] + names.map { try load(TopologyFile($0).source) }
        let walked = try ["expectations", "docker-nat"].map { name in
            let topology = try load(TopologyFile(name).source)
            return Picture(topology, walk: try PictureTests.walk(between: (0, topology.hosts.count - 1), in: topology))
        }
        let pictures = walked + topologies.map { Picture($0) }
        let browser = try Browser()
        try browser.show("<!doctype html><meta charset=utf-8><body>" + pictures.map(\.svg).joined(separator: "<br>"))
        for isDark in [false, true] {
            try browser.look(width: 1600, isDark: isDark)
            #expect(try browser.ask("document.querySelectorAll('svg').length") == pictures.count)
            #expect(try browser.ask(PageMeasures.crooked) == [String]())
            let contrast: Contrast = try browser.ask(PageMeasures.contrast)
            #expect(contrast.weak.isEmpty && contrast.count > 200, "\(contrast)")
            try browser.photograph("pictures-\(isDark ? "dark" : "light")")
        }
    }
}
