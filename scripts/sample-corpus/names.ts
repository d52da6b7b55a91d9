/** Invented identifiers and authors, as abstracts are strewn with them: "J0417-2236", "the TOVEL survey", "Okafor et al.". */
import type { Random } from '../../lib/core/random.js';
import type { Style } from './bank.js';
import { coinAcronym } from './coined.js';

/** Surnames from many places; papers cited under them do not exist. */
const SURNAMES =
  'Abara Achterberg Aldous Almgren Amsel Anand Aoki Arnesen Asante Aubry Babic Bakker Balogun Banfi Barros Bergqvist Bhatt Bielak Birk Blomqvist Boateng Bondar Brandao Brauer Bruun Calder Cardenas Casals Chaudhari Chikwanha Cisneros Claesson Conti Corbet Csaba Dahlgren Danso Darwish Dekker Delacroix Demir Dhillon Dobrev Donnelly Dubois Duran Eberhart Edwinson Ekwueme Elgin Endo Eriksen Esposito Fabre Farkas Feldmann Ferreyra Fiala Fjeld Fontaine Forsberg Fujimori Gallardo Garces Gebhardt Ghosh Gisler Glover Goto Grabowski Greco Gupta Guzman Haddad Halloran Hamasaki Hansson Hartwig Hasegawa Hedlund Herrera Hidalgo Hofer Horvat Huang Ibarra Ikeda Ilic Inoue Iversen Jablonski Jansma Jaramillo Jensen Joshi Kaminski Kang Karlsen Kato Kaur Keller Kimura Kitson Klein Kobayashi Koster Kovalenko Kuroda Laine Lambrecht Larsen Lebedev Lefort Lindholm Lombardi Lopes Lund Macek Maier Malik Mancini Marek Matsuda Mbeki Medina Mehta Meyerhof Mishima Moreau Morita Mwangi Nakagawa Navarro Nemeth Nilsen Novak Nyberg Obi Ochoa Okafor Olander Onishi Orlov Ortega Osei Pace Pahlavi Palmgren Park Pastore Pavlik Pereira Petrenko Pham Pinto Poulsen Prakash Quiroga Rahman Ramirez Rasmussen Reyes Rinaldi Rocha Rojas Rossi Rustad Sakai Salazar Sandoval Santos Sato Schaller Schreiber Seidel Sharma Shimizu Silva Skov Soares Sorensen Stavros Steiner Strand Suzuki Szabo Tachibana Takeda Tanaka Teixeira Thorsen Tiwari Tomasi Torres Tran Ueda Ulrich Vaccaro Valdez Varga Vasquez Verhoeven Vidal Villanueva Vogt Wagner Wahlberg Watanabe Weidner Wickram Wolter Yamada Yildiz Yoon Zajac Zamora Zapata Zhou Zielinski'.split(
    ' ',
  );

const PLACES =
  'Aarhus Abuja Accra Adelaide Almaty Antofagasta Arusha Astana Bangalore Basel Bergen Bilbao Bologna Brest Brno Bucharest Busan Cali Canberra Cardiff Chengdu Coimbra Cordoba Cork Cusco Dakar Dhaka Dresden Dunedin Durban Entebbe Fukuoka Galway Gdansk Geelong Ghent Graz Guayaquil Hanoi Harare Hobart Hokkaido Innsbruck Iquique Irkutsk Izmir Jena Kampala Kathmandu Kigali Kilkenny Kobe Krakow Kumasi Lausanne Leiden Leipzig Lima Linz Ljubljana Lund Lusaka Malmo Manaus Maputo Marburg Medellin Mendoza Mombasa Montpellier Mwanza Nagoya Nairobi Nantes Nicosia Odense Okinawa Oulu Padua Penang Perth Plovdiv Porto Potsdam Puebla Quito Recife Riga Rosario Rostock Salta Sapporo Sendai Seville Sibiu Siena Split Taipei Tartu Tbilisi Tromso Turku Uppsala Utrecht Valdivia Valencia Vilnius Windhoek Wuhan Yaounde Yerevan Zadar Zagreb Zaragoza'.split(
    ' ',
  );

/** A city. */
export function place(random: Random): string {
  return random.pick(PLACES);
}

/** "Okafor and Lund", "Varga et al.". */
export function citedAuthors(random: Random): string {
  const first = random.pick(SURNAMES);
  return random.uniform() < 0.3
    ? `${first} et al.`
    : `${first} and ${random.pick(SURNAMES.filter((name) => name !== first))}`;
}

/** What a style's papers call a project with an invented acronym: "the TOVEL survey". */
const PROJECTS: Partial<Record<Style, string[]>> = {
  observation: ['survey', 'catalogue', 'array', 'instrument', 'sample', 'fields', 'mocks'],
  simulation: ['code', 'benchmark', 'suite', 'set-up', 'solver', 'grid'],
  learning: ['leaderboard', 'baseline', 'challenge', 'subset', 'corpus', 'split'],
  statistics: ['study', 'cohort', 'panel', 'registry', 'trial', 'package'],
  biology: ['cohort', 'mutant', 'construct', 'cell line', 'assay', 'isolate', 'plasmid', 'consortium'],
};

/** A thing that has a number or an acronym rather than a name, of the kind that papers of the style mention. */
export function identifier(style: Style, random: Random): string {
  const projects = PROJECTS[style];
  if (projects === undefined) {
    const number = 2 + random.integer(8);
    return random.pick([
      `spin ${number % 2 === 0 ? number / 2 : `${number}/2`}`,
      `dimension ${number}`,
      `order ${number}`,
      ...(style === 'proof' ? [`rank ${number}`, `genus ${number}`, `degree ${number}`] : []),
      `the case n = ${number}`,
      `the ${random.pick(['lowest', 'highest', 'second', 'third', 'diagonal', 'extremal', 'massless', 'trivial', 'planar'])} ${random.pick(['branch', 'sector', 'mode', 'multiplet', 'member', 'representative'])}`,
    ]);
  }
  if (random.uniform() < 0.6) return `the ${coinAcronym(random)} ${random.pick(projects)}`;
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
      ]);
    }
    case 'biology':
      return random.pick([
        `strain ${letters(2)}${digits(4)}`,
        `locus ${letters(1)}${digits(4)}`,
        `subject ${digits(3)}`,
      ]);
    case 'simulation':
      return random.pick([`run ${letters(2)}${digits(3)}`, `model ${letters(1)}${digits(3)}`]);
    default:
      return random.pick([`task ${letters(1)}${digits(2)}`, `data set ${letters(2)}${digits(2)}`]);
  }
}
