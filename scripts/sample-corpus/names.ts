/** Invented identifiers and authors, as abstracts are strewn with them: "J0417-2236", "strain KM417", "Okafor et al.". */
import type { Random } from '../../lib/random.js';
import type { Style } from './bank.js';

/** Surnames from many places; papers cited under them do not exist. */
const SURNAMES =
  'Abara Achterberg Aldous Almgren Amsel Anand Aoki Arnesen Asante Aubry Babic Bakker Balogun Banfi Barros Bergqvist Bhatt Bielak Birk Blomqvist Boateng Bondar Brandao Brauer Bruun Calder Cardenas Casals Chaudhari Chikwanha Cisneros Claesson Conti Corbet Csaba Dahlgren Danso Darwish Dekker Delacroix Demir Dhillon Dobrev Donnelly Dubois Duran Eberhart Edwinson Ekwueme Elgin Endo Eriksen Esposito Fabre Farkas Feldmann Ferreyra Fiala Fjeld Fontaine Forsberg Fujimori Gallardo Garces Gebhardt Ghosh Gisler Glover Goto Grabowski Greco Gupta Guzman Haddad Halloran Hamasaki Hansson Hartwig Hasegawa Hedlund Herrera Hidalgo Hofer Horvat Huang Ibarra Ikeda Ilic Inoue Iversen Jablonski Jansma Jaramillo Jensen Joshi Kaminski Kang Karlsen Kato Kaur Keller Kimura Kitson Klein Kobayashi Koster Kovalenko Kuroda Laine Lambrecht Larsen Lebedev Lefort Lindholm Lombardi Lopes Lund Macek Maier Malik Mancini Marek Matsuda Mbeki Medina Mehta Meyerhof Mishima Moreau Morita Mwangi Nakagawa Navarro Nemeth Nilsen Novak Nyberg Obi Ochoa Okafor Olander Onishi Orlov Ortega Osei Pace Pahlavi Palmgren Park Pastore Pavlik Pereira Petrenko Pham Pinto Poulsen Prakash Quiroga Rahman Ramirez Rasmussen Reyes Rinaldi Rocha Rojas Rossi Rustad Sakai Salazar Sandoval Santos Sato Schaller Schreiber Seidel Sharma Shimizu Silva Skov Soares Sorensen Stavros Steiner Strand Suzuki Szabo Tachibana Takeda Tanaka Teixeira Thorsen Tiwari Tomasi Torres Tran Ueda Ulrich Vaccaro Valdez Varga Vasquez Verhoeven Vidal Villanueva Vogt Wagner Wahlberg Watanabe Weidner Wickram Wolter Yamada Yildiz Yoon Zajac Zamora Zapata Zhou Zielinski'.split(
    ' ',
  );

/** "Okafor and Lund", "Varga et al.". */
export function citedAuthors(random: Random): string {
  const first = random.pick(SURNAMES);
  return random.uniform() < 0.5 ? `${first} et al.` : `${first} and ${random.pick(SURNAMES.filter((name) => name !== first))}`;
}

/** A thing that has a number rather than a name, of the kind that papers of the style mention. */
export function identifier(style: Style, random: Random): string {
  const digits = (count: number): string => String(random.integer(9 * 10 ** (count - 1)) + 10 ** (count - 1));
  const letters = (count: number): string =>
    Array.from({ length: count }, () => String.fromCharCode(65 + random.integer(26))).join('');
  switch (style) {
    case 'observation': {
      const minute = String(random.integer(60)).padStart(2, '0');
      const hour = String(random.integer(24)).padStart(2, '0');
      return random.pick([
        `J${hour}${minute}${random.pick(['+', '-'])}${digits(4)}`,
        `field ${letters(1)}${digits(3)}`,
        `source ${letters(3)} ${digits(4)}`,
      ]);
    }
    case 'biology':
      return random.pick([
        `strain ${letters(2)}${digits(4)}`,
        `${letters(3)}${digits(2)}`,
        `locus ${letters(1)}${digits(4)}`,
        `subject ${letters(1)}${digits(2)}`,
      ]);
    case 'simulation':
      return random.pick([`run ${letters(2)}${digits(3)}`, `model ${letters(1)}${digits(3)}`, `series ${letters(3)}`]);
    case 'learning':
      return random.pick([`${letters(3)}-${digits(3)}`, `track ${letters(2)}`, `${letters(2)}${digits(2)}K`]);
    case 'statistics':
      return random.pick([`data set ${letters(2)}${digits(3)}`, `study ${letters(3)}-${digits(2)}`]);
    default:
      return random.pick([`case ${letters(1)}${digits(2)}`, `family ${letters(2)}${digits(1)}`, `solution ${letters(1)}${digits(2)}`]);
  }
}
