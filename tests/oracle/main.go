// Command oracle fetches a served ledger and accepts it, or does not, with Go's own sumdb/note and sumdb/tlog:
// what Go's checksum database is verified with. None of the code that wrote the ledger has a part in it.
//
//	oracle ADDRESS PUBLIC_KEY [OLDER_CHECKPOINT_FILE]
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type served struct{ base string }

func (s served) fetch(path string) ([]byte, error) {
	answer, err := http.Get(s.base + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (s served) Height() int { return height }

func (s served) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles names tiles as c2sp.org/tlog-tiles does: Go's own path has the height in it.
func (s served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		data, err := s.fetch("tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func open(signed []byte, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		must(fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], raw)
	return tree
}

func (s served) entries(size int64) [][]byte {
	var found [][]byte
	for first := int64(0); first < size; first += 1 << height {
		tile := tlog.Tile{H: height, L: -1, N: first >> height, W: 1 << height}
		if size-first < 1<<height {
			tile.W = int(size - first)
		}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
		data, err := s.fetch(path)
		must(err)
		for len(data) > 0 {
			end := 2 + int(binary.BigEndian.Uint16(data))
			found = append(found, data[2:end])
			data = data[end:]
		}
	}
	return found
}

func must(err error) {
	if err != nil {
		fmt.Println("REFUSED:", err)
		os.Exit(1)
	}
}

func main() {
	ledger := served{strings.TrimSuffix(os.Args[1], "/")}
	signed, err := ledger.fetch("checkpoint")
	must(err)
	tree := open(signed, os.Args[2])

	// The entries alone give the signed hash.
	entries := ledger.entries(tree.N)
	if int64(len(entries)) != tree.N {
		must(fmt.Errorf("%d entries of %d", len(entries), tree.N))
	}
	stored := map[int64]tlog.Hash{}
	own := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for n, entry := range entries {
		hashes, err := tlog.StoredHashes(int64(n), entry, own)
		must(err)
		for i, hash := range hashes {
			stored[tlog.StoredHashIndex(0, int64(n))+int64(i)] = hash
		}
	}
	hash, err := tlog.TreeHash(tree.N, own)
	must(err)
	if hash != tree.Hash {
		must(fmt.Errorf("the entries give %v, signed is %v", hash, tree.Hash))
	}

	// So do the tiles, and each of them holds the hashes of its entries.
	tiles := tlog.TileHashReader(tree, ledger)
	for first := int64(0); first < tree.N; first += 64 {
		var indexes []int64
		for n := first; n < first+64 && n < tree.N; n++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, n))
		}
		hashes, err := tiles.ReadHashes(indexes)
		must(err)
		for i, hash := range hashes {
			if hash != tlog.RecordHash(entries[first+int64(i)]) {
				must(fmt.Errorf("the tile has another hash of entry %d", first+int64(i)))
			}
		}
	}
	for _, n := range []int64{0, tree.N / 3, tree.N / 2, tree.N - 1} {
		if n >= tree.N {
			continue
		}
		proof, err := tlog.ProveRecord(tree.N, n, tiles)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, tlog.RecordHash(entries[n])))
	}
	if len(os.Args) > 3 {
		kept, err := os.ReadFile(os.Args[3])
		must(err)
		old := open(kept, os.Args[2])
		proof, err := tlog.ProveTree(tree.N, old.N, tiles)
		must(err)
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
	}
	fmt.Printf("accepted: %d entries\n", tree.N)
}
