import Applier
import Netlink
import NetworkState
import TestSupport
import Testing

/// The one table that all namespaces of a machine share, so other tests may be filling it meanwhile.
@Suite(.namespaces)
struct NeighbourTableTests {
    @Test func `a namespace tells the table's limit and how many entries it holds`() throws {
        let host = try TestHost()
        try host.shell(
            (1...200).map { "ip neighbour add 192.168.100.\($0) dev eth0 lladdr 02:00:00:00:01:00 nud permanent" })
        let table = try NeighbourTable.observe()
        #expect(table.entries >= 200)
        #expect(table.limit >= 1)
        #expect(table.room == max(0, table.limit - table.entries))
    }

    @Test func `it tells what ip tells`() throws {
        let text = try TestSupport.run(["ip", "-s", "ntable", "show", "name", "arp_cache"]).output
        let limit = try #require(text.firstMatch(of: #/thresh3 (\d+)/#)).1
        #expect(try NeighbourTable.observe().limit == Int(limit))
    }
}
