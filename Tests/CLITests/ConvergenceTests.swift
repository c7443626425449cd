import Foundation
import TestSupport
import Testing

/// What `weft apply` promises of every network model.
@Suite(.namespaces)
struct ConvergenceTests {
    /// Links that already were routers by themselves, or that the host's switch turned into routers, are as they were.
    @Test(arguments: TopologyFile.runnableHere)
    func `every topology applied twice changes nothing the second time, and destroyed leaves nothing`(
        _ file: TopologyFile
    ) throws {
        let host = try #require(try Weft.run("compile", file.url.path).lines.first?.dropFirst("host ".count))
        let machine = try Machine()
        try machine.script("for family in 4 6; do echo 1 > /proc/sys/net/ipv$family/conf/far/forwarding; done")
        let empty = try machine.dump()
        let first = try machine.weft("apply", file.url.path, "--host", String(host), "--detailed-exitcode")
        try #require(first.status == 2, "\(first.errors)")
        let namespaces = try machine.namespaces
        let applied = try machine.dump()
        let inside = try namespaces.map { try machine.dump(netns: $0) }
        #expect(!namespaces.isEmpty)
        #expect(applied != empty)

        let again = try machine.weft("apply", file.url.path, "--host", String(host), "--detailed-exitcode")
        #expect(again.status == 0, "\(again.output)\(again.errors)")
        #expect(again.output.contains("nothing to change"))
        try expectSame(machine.dump(), applied)
        for (netns, dump) in zip(namespaces, inside) { try expectSame(machine.dump(netns: netns), dump) }

        let destroyed = try machine.weft("destroy", "--host", String(host))
        #expect(destroyed.status == 0, "\(destroyed.errors)")
        try expectSame(machine.dump(), empty)
        #expect(try machine.namespaces.isEmpty)
        #expect(try machine.run("find", "/run", "-name", "*.json").output.isEmpty)
    }
}
